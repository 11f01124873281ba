/// A table of text in the layout that the Colonies command line has had since 2022: borders of `+`, `-` and
/// `|`, centred upper-case headers, numbers to the right.
struct Table {
  /// On which side of a column its cells stand.
  enum Alignment {
    /// Numbers to the right, everything else to the left.
    case natural
    case left
  }

  private let header: [String]
  private let alignment: Alignment
  private var rows: [[String]] = []

  /// - Parameter header: The columns' titles, or none for a table without a header line.
  init(header: [String] = [], alignment: Alignment = .natural) {
    self.header = header.map(Self.title)
    self.alignment = alignment
  }

  /// A table of names with their values: two columns, no header.
  init(fields: [(name: String, value: String)]) {
    self.init(alignment: .left)
    for field in fields { append([field.name, field.value]) }
  }

  /// Adds a row below the others.
  mutating func append(_ row: [String]) { rows.append(row) }

  /// The table's lines, each with its line end.
  var text: String {
    let headerLines = header.map(CellText.lines)
    let rowLines = rows.map { $0.map(CellText.lines) }
    let count = ([header.count] + rows.map(\.count)).max() ?? 0
    var widths = [Int](repeating: 0, count: count)
    for cells in [headerLines] + rowLines {
      for (column, lines) in cells.enumerated() {
        for line in lines { widths[column] = max(widths[column], CellText.width(line)) }
      }
    }
    let border = "+" + widths.map { String(repeating: "-", count: $0 + 2) + "+" }.joined() + "\n"
    var text = border
    if !header.isEmpty {
      append(headerLines, widths, to: &text, padding: Self.centred)
      text += border
    }
    for row in rowLines { append(row, widths, to: &text, padding: aligned) }
    // The layout's bottom line follows the header's even when there is no row between them.
    if !rows.isEmpty || !header.isEmpty { text += border }
    return text
  }

  private func append(
    _ cells: [[String]], _ widths: [Int], to text: inout String, padding: (String, Int) -> String
  ) {
    for line in 0..<(cells.map(\.count).max() ?? 0) {
      for (column, width) in widths.enumerated() {
        let lines = column < cells.count ? cells[column] : []
        text += "| " + padding(line < lines.count ? lines[line] : "", width) + " "
      }
      text += "|\n"
    }
  }

  private func aligned(_ line: String, _ width: Int) -> String {
    let gap = String(repeating: " ", count: width - CellText.width(line))
    return alignment == .natural && Self.isNumber(line) ? gap + line : line + gap
  }

  private static func centred(_ line: String, _ width: Int) -> String {
    let gap = width - CellText.width(line)
    return String(repeating: " ", count: gap / 2) + line + String(repeating: " ", count: gap - gap / 2)
  }

  /// Titles are upper case, with spaces for `_` and `.`.
  private static func title(_ name: String) -> String {
    String(name.map { $0 == "_" || $0 == "." ? " " : $0 }).uppercased()
  }

  /// Whether a cell matches `-*[0-9]*.?[0-9]*`, the layout's idea of a number.
  static func isNumber(_ cell: String) -> Bool {
    var rest = cell.utf8.drop { $0 == UInt8(ascii: " ") }[...]
    while rest.last == UInt8(ascii: " ") { rest.removeLast() }
    rest = rest.drop { $0 == UInt8(ascii: "-") }
    rest = rest.drop { (0x30...0x39).contains($0) }
    if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst() }
    return rest.allSatisfy { (0x30...0x39).contains($0) }
  }
}
