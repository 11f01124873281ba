/// What a decision rests on.
public enum ScalingBasis: Sendable, Hashable {
  /// The queue's demand is known.
  case demand(DemandBasis)
  /// The queue is unknown.
  case unknown(UnknownBasis)
}
