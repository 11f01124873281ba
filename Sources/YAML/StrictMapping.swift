/// A mapping that remembers which keys were asked for, so that the others can be reported.
public struct StrictMapping {
  private let parent: StrictNode
  private let mapping: YAMLMapping
  private var known: Set<String> = []

  init(_ parent: StrictNode, _ mapping: YAMLMapping) {
    self.parent = parent
    self.mapping = mapping
  }

  /// The keys that are written, in their order.
  public var keys: [String] { mapping.entries.map(\.key) }

  /// The value of a key that must be there; its absence is reported.
  public mutating func required(_ key: String) -> StrictNode? {
    if let node = optional(key) { return node }
    report("required key \(key.quotedForMessage) is missing")
    return nil
  }

  /// The value of a key, or nil when the key is not written.
  public mutating func optional(_ key: String) -> StrictNode? {
    allow(key)
    return mapping[key].map { child(key, $0) }
  }

  /// Makes a key known without reading it.
  public mutating func allow(_ key: String) {
    known.insert(key)
  }

  /// Every key with its value; for mappings whose keys are names.
  public mutating func all() -> [(key: String, value: StrictNode)] {
    known.formUnion(keys)
    return mapping.entries.map { ($0.key, child($0.key, $0.value)) }
  }

  /// Reports a problem with the mapping as a whole.
  public func report(_ message: String) {
    parent.report(message)
  }

  /// Reports a problem with a value in the mapping, at the nearest position that is written.
  public func report(_ message: String, at keys: String...) {
    parent.report(message, at: keys)
  }

  func reportUnknownKeys() {
    let known = known.sorted()
    for entry in mapping.entries where !known.contains(entry.key) {
      let suggestion = StrictNode.suggestion(for: entry.key, among: known)
      let hint =
        suggestion.isEmpty && !known.isEmpty
        ? "; known keys are \(known.joined(separator: ", "))" : suggestion
      let path = StrictNode.path(parent.path, entry.key)
      parent.problems.add(YAMLProblem(mark: entry.keyMark, path: path, message: "is not a known key\(hint)"))
    }
  }

  private func child(_ key: String, _ node: YAMLNode) -> StrictNode {
    StrictNode(node, path: StrictNode.path(parent.path, key), problems: parent.problems)
  }
}
