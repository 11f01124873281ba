/// How long processes took from their start to their end, measured on some that finished well.
public struct ServiceTimes: Sendable, Hashable {
  /// How many processes were measured; 0 when the queue has none that finished.
  public let count: Int
  /// Their average; 0 or more.
  public let mean: Duration
  /// When they were read.
  public let observedAt: ScalingInstant

  /// Creates a measurement; negative values are taken as 0.
  public init(count: Int, mean: Duration, observedAt: ScalingInstant) {
    self.count = max(count, 0)
    self.mean = max(mean, .zero)
    self.observedAt = observedAt
  }
}

/// What is known about service times. They only matter to a policy with objectives.
public enum ServiceTimesObservation: Sendable, Hashable {
  /// Nobody has asked yet, or the first answer is still on its way.
  case pending
  /// The newest answer.
  case known(ServiceTimes)
  /// The newest attempt failed, for this reason: a few words for people, without secrets.
  case failed(String)
}
