internal import JSON

/// Why a line of a recording cannot be understood.
package struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path to the field that is wrong: `input.observation.reading.waiting`; empty for the whole line.
  package let field: String
  /// What is wrong with it, for people.
  package let message: String

  package init(field: String, _ message: String) {
    self.field = field
    self.message = message
  }

  package var description: String { field.isEmpty ? message : "\(field): \(message)" }
}

extension RecordingError {
  /// The longest piece of a line that is repeated in an error.
  private static let quotation = 80

  init(field: String, expected: String, found: JSONValue) {
    let text = found.text()
    let short = text.count > Self.quotation ? "\(text.prefix(Self.quotation))…" : text
    self.init(field: field, "expected \(expected), found \(short)")
  }
}
