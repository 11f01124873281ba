/// A node of a parsed YAML text, with its position.
///
/// Aliases are already replaced by what they stand for, so a node's position is where its text is written,
/// which for an alias is at the anchor.
public struct YAMLNode: Sendable, Hashable {
  /// What a node can be.
  public enum Content: Sendable, Hashable {
    /// A single value.
    case scalar(YAMLScalar)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values.
    case mapping(YAMLMapping)
  }

  /// The node's value.
  public let content: Content
  /// Where the node begins.
  public let mark: YAMLMark
  /// The tag written before the node (`!!str` as `tag:yaml.org,2002:str`), or nil.
  public let tag: String?

  /// Creates a node.
  public init(_ content: Content, mark: YAMLMark, tag: String? = nil) {
    self.content = content
    self.mark = mark
    self.tag = tag
  }

  /// The scalar, or nil when the node is a list or a mapping.
  public var scalar: YAMLScalar? {
    guard case .scalar(let scalar) = content else { return nil }
    return scalar
  }

  /// The scalar's text, or nil when the node is a list, a mapping or null.
  public var text: String? { scalar.flatMap { $0.isNull ? nil : $0.text } }

  /// The list's elements, or nil when the node is no list.
  public var elements: [YAMLNode]? {
    guard case .sequence(let elements) = content else { return nil }
    return elements
  }

  /// The mapping, or nil when the node is none.
  public var mapping: YAMLMapping? {
    guard case .mapping(let mapping) = content else { return nil }
    return mapping
  }

  /// Whether nothing is written here: an empty plain value, `~` or `null`.
  public var isNull: Bool { scalar?.isNull ?? false }

  /// The value of a key; nil when there is none or the node is no mapping.
  public subscript(key: String) -> YAMLNode? { mapping?[key] }

  /// The element at an index; nil when there is none or the node is no list.
  public subscript(index: Int) -> YAMLNode? {
    guard let elements, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}
