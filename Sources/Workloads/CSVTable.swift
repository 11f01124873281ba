/// The rows of a file of comma-separated values, whose first line names the columns.
///
/// Fields may stand in double quotes, which are doubled inside (RFC 4180); a field has no line end in it. Empty
/// lines and lines that begin with `#` are passed over. Columns may come in any order, and there may be others.
struct CSVTable {
  /// One line of a table.
  struct Row {
    let file: String
    let line: Int
    fileprivate let names: [String]
    fileprivate let fields: [Field]

    /// The field of a wanted column, by its place among those.
    subscript(column: Int) -> String { fields[column].text }

    /// An error about one field.
    func error(_ column: Int, expected: String) -> WorkloadError {
      let found = fields[column].text
      let shown = found.isEmpty ? "nothing" : "\"\(found.prefix(60))\(found.count > 60 ? "…" : "")\""
      return error(column, "\(names[column]) must be \(expected), got \(shown)")
    }

    /// An error about one field, in words of one's own.
    func error(_ column: Int, _ message: String) -> WorkloadError {
      WorkloadError(file: file, line: line, column: fields[column].column, message: message)
    }
  }

  fileprivate struct Field {
    let text: String
    /// Where it begins, in characters from 1.
    let column: Int
  }

  private let lines: LineReader
  private let names: [String]
  private let places: [Int?]
  private let columnCount: Int

  /// Reads the line that names the columns.
  /// - Parameters:
  ///   - required: The columns that must be there.
  ///   - optional: Columns that may be there. They come after the required ones in every row, empty where
  ///     there are none.
  init(_ path: String, required: [String], optional: [String] = []) throws(WorkloadError) {
    lines = try LineReader(path)
    guard let header = try Self.content(lines) else {
      throw WorkloadError(
        file: path, message: "is empty; expected a first line \(required.joined(separator: ","))")
    }
    let found = try Self.fields(header, path, lines.lineNumber).map(\.text)
    for name in required where !found.contains(name) {
      throw WorkloadError(
        file: path, line: lines.lineNumber,
        message: "has no column \"\(name)\"; found \(found.joined(separator: ",")), expected "
          + required.joined(separator: ","))
    }
    names = required + optional
    places = names.map { found.firstIndex(of: $0) }
    columnCount = found.count
  }

  /// The next row, or nil at the end.
  func row() throws(WorkloadError) -> Row? {
    guard let line = try Self.content(lines) else { return nil }
    let fields = try Self.fields(line, lines.file, lines.lineNumber)
    guard fields.count == columnCount else {
      throw WorkloadError(
        file: lines.file, line: lines.lineNumber,
        message: "has \(fields.count) field\(fields.count == 1 ? "" : "s"), expected \(columnCount)")
    }
    let none = Field(text: "", column: 1)
    return Row(
      file: lines.file, line: lines.lineNumber, names: names,
      fields: places.map { $0.map { fields[$0] } ?? none })
  }

  private static func content(_ lines: LineReader) throws(WorkloadError) -> [UInt8]? {
    while let line = try lines.line() {
      if let first = line.first, first != UInt8(ascii: "#") { return line }
    }
    return nil
  }

  private static func fields(_ line: [UInt8], _ file: String, _ number: Int) throws(WorkloadError) -> [Field]
  {
    var fields: [Field] = []
    var rest = line[...]
    while true {
      let column = String(decoding: line[..<rest.startIndex], as: UTF8.self).count + 1
      let text: [UInt8]
      if rest.first == quote {
        guard let quoted = quotedText(&rest) else {
          throw WorkloadError(
            file: file, line: number, column: column, message: "has a quote that is not closed")
        }
        text = quoted
      } else {
        text = Array(rest.prefix { $0 != comma })
        rest = rest.dropFirst(text.count)
      }
      fields.append(Field(text: String(decoding: text, as: UTF8.self), column: column))
      guard let separator = rest.popFirst() else { return fields }
      guard separator == comma else {
        throw WorkloadError(
          file: file, line: number, column: column,
          message: "has text behind a closing quote; expected a comma")
      }
    }
  }

  /// Takes a quoted text off; nil when it is not closed.
  private static func quotedText(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    rest.removeFirst()
    while let byte = rest.popFirst() {
      if byte != quote {
        text.append(byte)
      } else if rest.first == quote {
        text.append(rest.removeFirst())
      } else {
        return text
      }
    }
    return nil
  }

  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
}
