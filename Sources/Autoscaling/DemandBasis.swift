/// A trusted reading and what follows from it and from the readings before it.
public struct DemandBasis: Sendable, Hashable {
  /// The reading.
  public let reading: QueueReading
  /// The replicas that its demand needs, before the bounds.
  public let needed: Int
  /// Since when demand is observed without interruption; nil when the reading does not limit it.
  public let observedSince: ScalingInstant?
  /// The highest demand at any time within the window of shrinking; nil when part of it was not observed.
  public let highestDemand: Int?
  /// The replicas that ``highestDemand`` needs, before the bounds.
  public let highestInWindow: Int?
  /// The lowest demand within the window of growing, as far as it was observed; the present one without such a
  /// window.
  public let lowestDemand: Int
  /// The replicas that ``lowestDemand`` needs, before the bounds.
  public let lowestInWindow: Int
}
