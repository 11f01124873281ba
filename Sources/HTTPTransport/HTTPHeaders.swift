/// Header fields in order. Names are compared without regard to case.
public struct HTTPHeaders: Sendable, Hashable {
  /// One header field.
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The fields, in order.
  public private(set) var fields: [Field]

  public init(_ fields: [Field] = []) { self.fields = fields }

  /// The first value of a name. Setting replaces all fields of that name; setting nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { $0.name.isSameFieldName(as: name) }?.value }
    set {
      fields.removeAll { $0.name.isSameFieldName(as: name) }
      if let newValue { append(name: name, value: newValue) }
    }
  }

  /// Every value of a name, in order.
  public func values(of name: String) -> [String] {
    fields.lazy.filter { $0.name.isSameFieldName(as: name) }.map(\.value)
  }

  /// Adds a field and keeps those of the same name.
  public mutating func append(name: String, value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Continues the last value, which a server has spread over several lines.
  mutating func extendLast(by text: String) {
    guard let last = fields.indices.last else { return }
    fields[last].value += " " + text
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Field(name: $0.0, value: $0.1) })
  }
}

extension HTTPHeaders.Field: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private static let secretNames = ["authorization", "proxy-authorization", "cookie", "set-cookie"]

  /// The field without the values that give access to something.
  public var description: String {
    let isSecret = Self.secretNames.contains { $0.isSameFieldName(as: name) }
    return "\(name): \(isSecret ? "<redacted>" : value)"
  }

  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HTTPHeaders: CustomStringConvertible {
  public var description: String { "[" + fields.map(\.description).joined(separator: ", ") + "]" }
}

extension String {
  fileprivate func isSameFieldName(as other: String) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
  }
}

extension UInt8 {
  fileprivate var asciiLowercased: UInt8 { 0x41...0x5a ~= self ? self | 0x20 : self }
}
