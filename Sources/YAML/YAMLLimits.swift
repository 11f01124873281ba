/// How much of a YAML text a parser takes before it refuses it.
public struct YAMLLimits: Sendable, Hashable {
  /// The largest text, in bytes.
  public var maximumBytes: Int
  /// The deepest nesting; a scalar at the root has depth 1.
  public var maximumDepth: Int
  /// The most nodes, counting every node again wherever an alias repeats it, so that a few lines of
  /// aliases of aliases cannot stand for billions of nodes.
  public var maximumNodes: Int

  /// Creates limits; the defaults (1 MiB, 64 levels, 100,000 nodes) fit any file a person keeps.
  public init(maximumBytes: Int = 1 << 20, maximumDepth: Int = 64, maximumNodes: Int = 100_000) {
    self.maximumBytes = maximumBytes
    self.maximumDepth = maximumDepth
    self.maximumNodes = maximumNodes
  }
}
