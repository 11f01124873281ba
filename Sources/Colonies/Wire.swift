internal import JSON

extension JSONReader {
  /// A time, or nil when it is missing or not set (year 1).
  func time(_ key: String) throws(JSONTypeError) -> Timestamp? {
    let text = try string(key)
    if text.isEmpty { return nil }
    do {
      return try Timestamp.parse(text)
    } catch {
      throw JSONTypeError(found: "string \(text)", structure: "", path: key, expected: "time.Time")
    }
  }
}

extension JSONValue {
  /// A time, or year 1 when it is not set.
  static func time(_ time: Timestamp?) -> JSONValue { .string(time?.rfc3339 ?? "0001-01-01T00:00:00Z") }
}
