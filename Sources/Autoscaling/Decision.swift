/// How many replicas there should be, and why.
public struct Decision: Sendable, Hashable {
  /// Where a decision goes.
  public enum Direction: String, Sendable, Hashable, CaseIterable, Codable {
    /// More replicas.
    case up
    /// Fewer replicas.
    case down
    /// As many as there are.
    case hold
  }

  /// Why, in full.
  public let explanation: Explanation

  /// The replicas there should be.
  public var replicas: Int { explanation.replicas }

  /// Whether that is more than, less than or what is wanted already.
  public var direction: Direction { explanation.direction }
}
