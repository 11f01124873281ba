/// A trusted reading and what follows from it and from the readings before it.
public struct DemandBasis: Sendable, Hashable {
  /// The reading.
  public let reading: QueueReading
  /// The replicas that its demand needs, before the bounds.
  public let needed: Int
  /// Since when demand is observed without interruption; nil when the reading does not limit it.
  public let observedSince: ScalingInstant?
  /// The most replicas that were needed at any time within the keep-alive window, before the bounds; nil when
  /// part of the window was not observed.
  public let highestInWindow: Int?
}
