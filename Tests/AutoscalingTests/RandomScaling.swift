import Autoscaling
import TestSupport

/// Makes random policies, and random histories of observations that contain every kind of trouble.
struct RandomScaling {
  var random: SplitMix64
  private var waiting = 0
  private var running = 0
  private var finished = 0
  private var generation = 0
  /// How many queues there are beside the first.
  private var otherQueues = 0

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  mutating func policy() throws -> ScalingPolicy {
    let min = random.element(of: [0, 0, 1, 5])
    let fallback = FallbackPolicy(
      afterFailures: random.next(in: 1...5), replicas: random.next(in: 0...40),
      allowLowering: random.chance(30))
    otherQueues = random.element(of: [0, 0, 0, 1, 2])
    return try ScalingPolicy(
      processesPerReplica: random.element(of: [1, 1, 3, 10, 1_000_000_000]),
      combine: random.element(of: [.sum, .max]), min: min,
      max: min + random.element(of: [0, 1, 7, 30]), schedules: try schedules(), objectives: objectives(),
      scaleUp: behavior(), idleFor: .seconds(random.element(of: [0, 1, 10, 60, 60])), scaleDown: behavior(),
      maxChangesPerHour: budget(),
      stalenessLimit: .seconds(random.element(of: [2, 10, 30])),
      fallback: fallback.afterFailures < 5 ? fallback : nil)
  }

  /// Half of them limit nothing.
  mutating func behavior() -> ScalingBehavior {
    guard random.chance(50) else { return ScalingBehavior() }
    return ScalingBehavior(
      tolerance: random.element(of: [0, 0, 0.1, 0.5]),
      stabilizationWindow: random.element(of: [nil, .zero, .seconds(5), .seconds(80)]),
      policies: (0..<random.next(in: 0...2)).map { _ in rate() },
      select: random.element(of: [.max, .max, .min, .min, .disabled]))
  }

  /// Half of the policies have none.
  mutating func objectives() -> ScalingObjectives {
    let times: [Duration?] = [nil, nil, .seconds(1), .seconds(5), .seconds(60)]
    return ScalingObjectives(
      drainWithin: random.element(of: times), startWithin: random.element(of: times + [nil, nil]),
      concurrency: random.element(of: [1, 1, 4]))
  }

  /// Mostly a measurement, with and without processes.
  mutating func serviceTimes(at instant: ScalingInstant) -> ServiceTimesObservation {
    switch random.next(in: 1...10) {
    case 1: .pending
    case 2: .failed("denied")
    default:
      .known(
        ServiceTimes(
          count: random.element(of: [0, 1, 100]),
          mean: .milliseconds(random.element(of: [0, 1, 300, 2_000, 2_000, 30_000])), observedAt: instant))
    }
  }

  mutating func budget() -> Int? { random.element(of: [nil, nil, nil, 1, 3, 20]) }

  /// Bounds that change every few minutes.
  mutating func schedules() throws -> [ScalingSchedule] {
    try (0..<random.element(of: [0, 0, 0, 0, 1, 2])).map { _ in
      let min = random.element(of: [nil, 0, 3])
      return try ScalingSchedule(
        from: "*/\(random.next(in: 1...4)) * * * *", to: "*/\(random.next(in: 1...4)) * * * *", min: min,
        max: random.element(of: [min == 0 ? nil : 5, min == nil ? 2 : 5, 50]))
    }
  }

  mutating func rate() -> ScalingRate {
    random.chance(50)
      ? ScalingRate(.pods, random.next(in: 1...8), period: .seconds(random.next(in: 1...40)))
      : ScalingRate(
        .percent, random.element(of: [1, 10, 50, 100, 250]), period: .seconds(random.next(in: 1...40)))
  }

  /// Lets time pass and the queue change.
  mutating func step(_ scaler: inout Scaler) throws -> QueueObservation {
    scaler.now = scaler.now.advanced(
      by: .milliseconds(random.element(of: [1, 500, 2_000, 2_000, 2_000, 9_000])))
    if random.chance(3) { scaler.replicas = random.next(in: 0...50) }
    if random.chance(1) { scaler.wait(100) }
    changeQueue()
    scaler.others = try (0..<otherQueues).map { _ in try otherQueue(at: scaler.now) }
    scaler.shortage = random.chance(10) ? CapacityShortage(.quota, cause: "exceeded quota: pods") : nil
    scaler.serviceTimes = serviceTimes(at: scaler.now)
    scaler.ready = random.element(of: [nil, 0, scaler.replicas / 2, scaler.replicas, scaler.replicas + 3])
    return switch random.next(in: 1...100) {
    case ...75: .reading(try reading(at: scaler.now))
    case ...90: .failure(QueueFailure(failedAt: scaler.now, message: "no answer"))
    case ...95: .reading(try reading(at: scaler.now.advanced(by: .seconds(-random.next(in: 0...60)))))
    case ...97: .reading(try reading(at: scaler.now.advanced(by: .milliseconds(1))))
    default: .pending
    }
  }

  private mutating func otherQueue(at instant: ScalingInstant) throws -> QueueObservation {
    switch random.next(in: 1...20) {
    case 1: .pending
    case 2, 3: .failure(QueueFailure(failedAt: instant, message: "no answer from the other"))
    default:
      .reading(
        try QueueReading(
          waiting: random.next(in: 0...20), running: random.next(in: 0...3),
          observedAt: instant.advanced(by: .milliseconds(-random.next(in: 0...500))), source: Scaler.source))
    }
  }

  private mutating func changeQueue() {
    switch random.next(in: 1...100) {
    case ...20: waiting = min(waiting, 1_000_000) + random.next(in: 0...20)
    case ...25: waiting = random.element(of: [0, 1_000, Int.max])
    case ...60:
      let ended = random.next(in: 0...running)
      running -= ended
      finished += ended
      let begun = min(waiting, random.next(in: 0...10))
      waiting -= begun
      running += begun
    case 61: (waiting, running, finished) = (0, 0, 0)
    case 62: generation += 1
    default: break
    }
  }

  private mutating func reading(at instant: ScalingInstant) throws -> QueueReading {
    try QueueReading(
      waiting: waiting, running: running, finished: random.chance(90) ? finished : nil,
      isFinishedShared: random.chance(5), observedAt: instant,
      source: QueueSource(
        name: "statistics", colony: random.chance(1) ? "other" : "dev", serverGeneration: "\(generation)"),
      exactness: random.element(of: [.exact, .exact, .exact, .exact, .atMost, .atLeast]))
  }
}
