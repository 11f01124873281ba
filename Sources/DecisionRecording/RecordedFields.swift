internal import JSON

/// The fields of an object in a recording. Each must be there, and be read once; a value that there is not is
/// written as `null`.
struct RecordedFields {
  private let path: String
  private var unread: [String: JSONValue] = [:]

  init(_ object: JSONObject, path: String) throws(RecordingError) {
    self.path = path
    for member in object.members where unread.updateValue(member.value, forKey: member.key) != nil {
      throw RecordingError(field: Self.path(path, member.key), "is there twice")
    }
  }

  static func path(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  mutating func take(_ key: String) throws(RecordingError) -> RecordedValue {
    let path = Self.path(path, key)
    guard let json = unread.removeValue(forKey: key) else { throw RecordingError(field: path, "is missing") }
    return RecordedValue(json: json, path: path)
  }

  /// A field that may be `null`; nil if it is.
  mutating func optional(_ key: String) throws(RecordingError) -> RecordedValue? {
    let value = try take(key)
    return value.json == .null ? nil : value
  }

  func end() throws(RecordingError) {
    guard let key = unread.keys.min() else { return }
    throw RecordingError(
      field: Self.path(path, key), "is not known to this program, and what it means cannot be left out")
  }
}
