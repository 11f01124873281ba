/// A position in a YAML text, as editors count it.
public struct YAMLMark: Sendable, Hashable, Comparable {
  /// The line, the first one being 1.
  public let line: Int
  /// The column in characters (Unicode scalars), the first one being 1.
  public let column: Int

  /// Creates a position from a line and a column, both counted from 1.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The position of the first character.
  public static let start = YAMLMark(line: 1, column: 1)

  /// Orders positions as they come in the text.
  public static func < (left: YAMLMark, right: YAMLMark) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

extension YAMLMark: CustomStringConvertible {
  /// The position as `line:column`.
  public var description: String { "\(line):\(column)" }
}
