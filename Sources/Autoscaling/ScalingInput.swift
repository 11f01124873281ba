/// What one decision is made from, besides the policy and the state.
public struct ScalingInput: Sendable, Hashable {
  /// What is known about the queue.
  public let observation: QueueObservation
  /// The replicas that are wanted now (`spec.replicas`), 0 or more. Those still starting count: they are
  /// capacity already bought, and nothing compounds while they start.
  public let currentReplicas: Int
  /// The replicas that work already, 0 or more; nil when that is not known, and then starts are reckoned to take
  /// no time. Only objectives depend on it.
  public let readyReplicas: Int?
  /// How long processes take. Only objectives depend on it.
  public let serviceTimes: ServiceTimesObservation
  /// Why the scaler is paused; nil when it is not.
  public let pause: ScalingPause?
  /// The time since the beginning of 1970, UTC, by which schedules go; nil when it is not known.
  public let wallTime: Duration?

  /// Creates an input; a negative number of replicas is taken as 0.
  public init(
    observation: QueueObservation, currentReplicas: Int, readyReplicas: Int? = nil,
    serviceTimes: ServiceTimesObservation = .pending, pause: ScalingPause? = nil, wallTime: Duration? = nil
  ) {
    self.observation = observation
    self.currentReplicas = max(currentReplicas, 0)
    self.readyReplicas = readyReplicas.map { max($0, 0) }
    self.serviceTimes = serviceTimes
    self.pause = pause
    self.wallTime = wallTime
  }
}
