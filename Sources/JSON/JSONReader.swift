/// A value of the wrong type in an otherwise well-formed text. The description is Go's.
public struct JSONTypeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of value that was found: `string`, `number`, `array`, …
  public let found: String
  /// The Go structure that the field belongs to.
  public let structure: String
  /// The keys from the top of the text to the field.
  public let path: String
  /// The Go type that was expected.
  public let expected: String

  /// Describes a value of the wrong type.
  public init(found: String, structure: String, path: String, expected: String) {
    self.found = found
    self.structure = structure
    self.path = path
    self.expected = expected
  }

  /// Go's words.
  public var description: String {
    path.isEmpty
      ? "json: cannot unmarshal \(found) into Go value of type \(expected)"
      : "json: cannot unmarshal \(found) into Go struct field \(structure).\(path) of type \(expected)"
  }
}

/// Reads the members of one object by Go's rules: a missing member and a `null` read as the zero value, a
/// member of another type is an error, a member that nobody asks for is ignored.
public struct JSONReader: Sendable {
  private let object: JSONObject
  private let structure: String
  private let path: String

  /// Reads a whole text's value.
  /// - Parameter structure: The Go type's name with its package, for the error text.
  /// - Throws: `JSONTypeError` when the value is neither an object nor `null`.
  public init(_ value: JSONValue, structure: String) throws(JSONTypeError) {
    try self.init(value, structure: structure, path: "")
  }

  private init(_ value: JSONValue, structure: String, path: String) throws(JSONTypeError) {
    switch value {
    case .object(let object): self.object = object
    case .null: object = JSONObject()
    default:
      throw JSONTypeError(found: value.kind, structure: structure, path: path, expected: structure)
    }
    self.structure = structure
    self.path = path
  }

  /// The value of a member, or nil when it is missing or `null`.
  public subscript(key: String) -> JSONValue? {
    guard let value = object[key], value != .null else { return nil }
    return value
  }

  /// A text, or the empty one when it is missing or `null`.
  public func string(_ key: String) throws(JSONTypeError) -> String {
    guard let value = self[key] else { return "" }
    guard case .string(let text) = value else { throw mismatch(key, value, "string") }
    return text
  }

  /// A truth value, or false when it is missing or `null`.
  public func bool(_ key: String) throws(JSONTypeError) -> Bool {
    guard let value = self[key] else { return false }
    guard case .bool(let flag) = value else { throw mismatch(key, value, "bool") }
    return flag
  }

  /// A whole number, or 0 when it is missing or `null`.
  public func int(_ key: String) throws(JSONTypeError) -> Int {
    try optionalInt(key) ?? 0
  }

  /// A whole number, or nil when it is missing or `null`.
  public func optionalInt(_ key: String) throws(JSONTypeError) -> Int? {
    guard let value = self[key] else { return nil }
    guard let number = value.int else {
      if case .number(let text) = value {
        throw JSONTypeError(
          found: "number \(text)", structure: structureName, path: keyPath(key), expected: "int")
      }
      throw mismatch(key, value, "int")
    }
    return number
  }

  /// A list of texts, or none when it is missing or `null`.
  public func strings(_ key: String) throws(JSONTypeError) -> [String] {
    try optionalStrings(key) ?? []
  }

  /// A list of strings, or nil when it is missing or `null`: some replies keep the difference.
  public func optionalStrings(_ key: String) throws(JSONTypeError) -> [String]? {
    guard let elements = try optionalArray(key, of: "[]string") else { return nil }
    var strings: [String] = []
    strings.reserveCapacity(elements.count)
    for element in elements {
      guard case .string(let text) = element else { throw mismatch(key, element, "string") }
      strings.append(text)
    }
    return strings
  }

  /// A list, or none when it is missing or `null`.
  public func array(_ key: String) throws(JSONTypeError) -> [JSONValue] {
    try optionalArray(key, of: "[]interface {}") ?? []
  }

  private func optionalArray(_ key: String, of type: String) throws(JSONTypeError) -> [JSONValue]? {
    guard let value = self[key] else { return nil }
    guard case .array(let elements) = value else { throw mismatch(key, value, type) }
    return elements
  }

  /// An object's members, or none when it is missing or `null`.
  public func object(_ key: String) throws(JSONTypeError) -> JSONObject {
    guard let value = self[key] else { return JSONObject() }
    guard case .object(let object) = value else {
      throw mismatch(key, value, "map[string]interface {}")
    }
    return object
  }

  /// A map of texts, or an empty one when it is missing or `null`.
  public func stringMap(_ key: String) throws(JSONTypeError) -> [String: String] {
    guard let value = self[key] else { return [:] }
    guard case .object(let object) = value else { throw mismatch(key, value, "map[string]string") }
    var map: [String: String] = [:]
    for member in object.members {
      switch member.value {
      case .string(let text): map[member.key] = text
      case .null: map[member.key] = ""
      default: throw mismatch(key, member.value, "string")
      }
    }
    return map
  }

  /// A reader of a nested object, or nil when it is missing or `null`.
  public func nested(_ key: String, structure: String) throws(JSONTypeError) -> JSONReader? {
    guard let value = self[key] else { return nil }
    guard case .object = value else { throw mismatch(key, value, structure) }
    return try JSONReader(value, structure: structure, path: keyPath(key))
  }

  /// Readers of a list of objects.
  public func list(_ key: String, structure: String) throws(JSONTypeError) -> [JSONReader] {
    var readers: [JSONReader] = []
    for element in try optionalArray(key, of: "[]\(structure)") ?? [] {
      guard case .object = element else { throw mismatch(key, element, structure) }
      readers.append(try JSONReader(element, structure: structure, path: keyPath(key)))
    }
    return readers
  }

  private func mismatch(_ key: String, _ value: JSONValue, _ expected: String) -> JSONTypeError {
    JSONTypeError(found: value.kind, structure: structureName, path: keyPath(key), expected: expected)
  }

  /// Go names the package only where the structure is the expected type.
  private var structureName: String { structure.split(separator: ".").last.map(String.init) ?? structure }

  private func keyPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
