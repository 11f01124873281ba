/// What one decision is made from, besides the policy and the state.
public struct ScalingInput: Sendable, Hashable {
  /// What is known about the queue, or about the first of several.
  public let observation: QueueObservation
  /// What is known about further queues that the same replicas serve, always in the same order.
  public let otherObservations: [QueueObservation]
  /// The replicas that are wanted now (`spec.replicas`), 0 or more. Those still starting count: they are
  /// capacity already bought, and nothing compounds while they start.
  public let currentReplicas: Int
  /// The replicas that work already, 0 or more; nil when that is not known, and then starts are reckoned to take
  /// no time. Only objectives depend on it.
  public let readyReplicas: Int?
  /// How long processes take. Only objectives depend on it.
  public let serviceTimes: ServiceTimesObservation
  /// Why replicas that are wanted already cannot start; nil when they can, or that is not known.
  public let capacityShortage: CapacityShortage?
  /// Why the scaler is paused; nil when it is not.
  public let pause: ScalingPause?
  /// The time since the beginning of 1970, UTC, by which schedules go; nil when it is not known.
  public let wallTime: Duration?

  /// Creates an input; a negative number of replicas is taken as 0.
  public init(
    observation: QueueObservation, otherObservations: [QueueObservation] = [], currentReplicas: Int,
    readyReplicas: Int? = nil, serviceTimes: ServiceTimesObservation = .pending,
    capacityShortage: CapacityShortage? = nil, pause: ScalingPause? = nil, wallTime: Duration? = nil
  ) {
    self.observation = observation
    self.otherObservations = otherObservations
    self.currentReplicas = max(currentReplicas, 0)
    self.readyReplicas = readyReplicas.map { max($0, 0) }
    self.serviceTimes = serviceTimes
    self.capacityShortage = capacityShortage
    self.pause = pause
    self.wallTime = wallTime
  }
}
