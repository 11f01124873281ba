extension JSONValue {
  /// An object with its members in this order.
  package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(JSONObject(members.map { JSONObject.Member(key: $0.0, value: $0.1) }))
  }

  /// A text, or `null`.
  package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  /// A number, or `null`.
  package static func optional(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }

  /// A number, or `null`.
  package static func optional(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }

  /// A duration as a number of seconds.
  package static func seconds(_ duration: Duration) -> JSONValue { .double(duration / .seconds(1)) }
}
