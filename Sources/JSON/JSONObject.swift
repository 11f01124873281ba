/// The members of a JSON object in the order they were written.
public struct JSONObject: Sendable, Hashable {
  /// One key with its value.
  public struct Member: Sendable, Hashable {
    /// The key as it was written.
    public var key: String
    /// The value.
    public var value: JSONValue

    /// Puts a key and its value together.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// All members; a key may occur more than once.
  public var members: [Member]

  /// Creates an object from its members.
  public init(_ members: [Member] = []) { self.members = members }

  /// Creates an object from a dictionary, in key order, as Go writes a map.
  public init(sorted values: [String: JSONValue]) {
    members = values.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: $0.value) }
  }

  /// The value of a key by Go's rule: letter case does not matter, and the last one written wins.
  public subscript(key: String) -> JSONValue? {
    for member in members.reversed() where member.key.equalsIgnoringASCIICase(key) {
      return member.value
    }
    return nil
  }

  /// Adds a member behind the others.
  public mutating func append(_ key: String, _ value: JSONValue) {
    members.append(Member(key: key, value: value))
  }

  /// Two objects are equal when they mean the same: the order of their keys does not matter.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.meaning == right.meaning
  }

  /// Hashes what the object means; see `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(meaning) }

  /// The members as a dictionary with exact keys.
  public var meaning: [String: JSONValue] {
    Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}

extension String {
  fileprivate func equalsIgnoringASCIICase(_ other: String) -> Bool {
    if self == other { return true }
    guard utf8.count == other.utf8.count else { return false }
    return zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
  }
}

extension UInt8 {
  fileprivate var lowercasedASCII: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
}
