/// A JSON document as a value.
///
/// The package reads and writes JSON itself because the Colonies protocol is defined by what Go's
/// `encoding/json` does: keys match without regard to case, the last duplicate wins, numbers keep their
/// digits, and parse errors are part of the protocol's replies.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number as it was written, so that no digit of a 64-bit time stamp is lost.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// A whole number.
  public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// A fraction. Infinite and not-a-number values become `null`, which JSON can express.
  public static func double(_ value: Double) -> JSONValue {
    value.isFinite ? .number(value.description) : .null
  }

  /// An array of strings.
  public static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

  /// An array, or `null` when it is empty: how Go writes a slice that was never assigned.
  public static func nullIfEmpty(_ values: [JSONValue]) -> JSONValue {
    values.isEmpty ? .null : .array(values)
  }

  /// The name of this value's kind in Go's type errors.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The text, if it is one.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The truth value, if it is one.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The elements, if it is an array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The members, if it is an object.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  /// The value as a whole number, when it is one and fits.
  public var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  /// The value as a fraction, when it is a number.
  public var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }

  /// The member with this key, or nil when this is not an object or has none.
  public subscript(key: String) -> JSONValue? { object?[key] }
  /// The element at this index, or nil when this is not an array or is shorter.
  public subscript(index: Int) -> JSONValue? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object with its members in this order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}
