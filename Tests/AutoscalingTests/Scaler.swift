import Autoscaling

/// A scaler under test: a policy, a state, and a moment that the test moves.
struct Scaler {
  static let source = QueueSource(name: "statistics of colony dev", colony: "dev-1", serverGeneration: "g1")

  var policy: ScalingPolicy
  var state = ScalerState()
  var now = ScalingInstant.origin
  /// The replicas there are; decisions are carried out at once.
  var replicas: Int
  /// Those that work; nil when that is not known.
  var ready: Int?
  var shortage: CapacityShortage?
  /// What is known about further queues.
  var others: [QueueObservation] = []
  var serviceTimes = ServiceTimesObservation.pending
  /// How much too late a time clocks show.
  var clockError = Duration.zero

  init(_ policy: ScalingPolicy, replicas: Int = 0) {
    self.policy = policy
    self.replicas = replicas
  }

  /// What clocks show in UTC: the origin is Monday, 23 November 2026, 07:00.
  var wallTime: Duration { .seconds(1_795_417_200) + now.offset + clockError }

  mutating func wait(_ seconds: Int) { now = now.advanced(by: .seconds(seconds)) }

  @discardableResult
  mutating func decide(_ observation: QueueObservation, pause: ScalingPause? = nil) -> Decision {
    let input = ScalingInput(
      observation: observation, otherObservations: others, currentReplicas: replicas, readyReplicas: ready,
      serviceTimes: serviceTimes, capacityShortage: shortage, pause: pause, wallTime: wallTime)
    let decision = policy.decide(input, state: &state, now: now)
    replicas = decision.replicas
    return decision
  }

  @discardableResult
  mutating func read(
    waiting: Int, running: Int = 0, finished: Int? = nil, source: QueueSource = Scaler.source,
    exactness: QueueReading.Exactness = .exact, ageSeconds: Int = 0, pause: ScalingPause? = nil
  ) throws -> Decision {
    let reading = try QueueReading(
      waiting: waiting, running: running, finished: finished,
      observedAt: now.advanced(by: .seconds(-ageSeconds)), source: source, exactness: exactness)
    return decide(.reading(reading), pause: pause)
  }

  @discardableResult
  mutating func fail(_ message: String = "connection refused") -> Decision {
    decide(.failure(QueueFailure(failedAt: now, message: message)))
  }

  /// Reads the same counts every `step` seconds for `seconds`, the last one included.
  mutating func keepReading(waiting: Int, running: Int = 0, for seconds: Int, every step: Int = 2) throws {
    for _ in stride(from: step, through: seconds, by: step) {
      wait(step)
      try read(waiting: waiting, running: running)
    }
  }
}

extension ScalingPolicy {
  /// Whether the replicas there were are remembered.
  var remembersReplicas: Bool {
    maxChangesPerHour != nil || !objectives.isEmpty
      || [scaleUp, scaleDown.behavior].contains { !$0.policies.isEmpty || $0.select == .disabled }
  }
}
