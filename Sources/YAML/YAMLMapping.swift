/// The entries of a mapping in the order they are written; no key occurs twice.
public struct YAMLMapping: Sendable, Hashable {
  /// A key and its value.
  public struct Entry: Sendable, Hashable {
    /// The key's text.
    public let key: String
    /// Where the key begins.
    public let keyMark: YAMLMark
    /// The value.
    public let value: YAMLNode
  }

  /// All entries, as written.
  public let entries: [Entry]

  /// The value of a key, or nil.
  public subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }
}
