/// The fewest and the most replicas.
public struct ReplicaBounds: Sendable, Hashable {
  /// The fewest.
  public let min: Int
  /// The most; not less than ``min``.
  public let max: Int

  /// Every number there can be.
  static let widest = ReplicaBounds(min: 0, max: .max)

  /// The nearest number of replicas within the bounds.
  public func bounded(_ replicas: Int) -> Int {
    Swift.min(Swift.max(replicas, min), max)
  }
}
