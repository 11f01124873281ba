/// The lines that a cell's text takes in a table.
enum CellText {
  /// Texts wider than this are wrapped at their spaces.
  private static let widestLine = 30

  /// The text's lines. A text of several lines, or one that is too wide, is wrapped anew as one paragraph.
  static func lines(_ text: String) -> [String] {
    // Not by characters: a carriage return and a line feed together are one.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).withVisibleControls }
    let widest = lines.map(width).max() ?? 0
    guard lines.count > 1 || widest > widestLine else { return lines }
    let words = lines.joined(separator: " ")
      .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return wrapped(words, width: max(min(widest, widestLine), words.map(width).max() ?? 0))
  }

  /// Breaks a paragraph so that the squares of the gaps at its lines' ends have the smallest sum; the last
  /// line's gap does not count.
  /// - Parameter limit: At least the width of the longest word.
  private static func wrapped(_ words: [String], width limit: Int) -> [String] {
    let widths = words.map(width)
    // For the words from each index on: the smallest cost, and where the first line ends.
    var cost = [Int](repeating: .max, count: words.count)
    var end = [Int](repeating: words.count, count: words.count)
    for start in words.indices.reversed() {
      var length = -1
      for index in start..<words.count {
        length += 1 + widths[index]
        if length > limit { break }
        if index + 1 == words.count {
          // All the rest fits into one line: nothing can be better.
          cost[start] = 0
          end[start] = words.count
        } else {
          let gap = limit - length
          let total = gap * gap + cost[index + 1]
          if total < cost[start] {
            cost[start] = total
            end[start] = index + 1
          }
        }
      }
    }
    var lines: [String] = []
    var start = 0
    while start < words.count {
      lines.append(words[start..<end[start]].joined(separator: " "))
      start = end[start]
    }
    return lines
  }

  /// How many columns of a terminal a text takes.
  static func width(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    default: wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// The blocks whose characters are two columns wide (Unicode Standard Annex #11).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff,
    0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff,
    0x1f900...0x1f9ff, 0x20000...0x3fffd,
  ]
}
