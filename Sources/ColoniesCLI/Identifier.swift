/// The ids of the protocol: 64 lower-case hexadecimal digits.
enum Identifier {
  static func isValid(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  /// Passes an id on.
  /// - Parameters:
  ///   - kind: What the id is of, as `process`.
  ///   - source: The option or variable it comes from.
  /// - Throws: `CommandError` for a text that cannot be one, which is mostly one that was copied in part.
  static func checked(_ text: String, _ kind: String, from source: String) throws -> String {
    if isValid(text) { return text }
    let fault =
      text.utf8.count == 64
      ? "it has characters other than 0-9 and a-f" : "it has \(text.count) characters"
    throw CommandError(
      "\(source): \"\(text)\" is not the id of a \(kind): \(fault)",
      advice: "Ids have 64 hexadecimal digits; copy the whole one.")
  }
}
