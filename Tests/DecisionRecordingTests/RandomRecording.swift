import Autoscaling
import Files
import JSON
import TestSupport

@testable import DecisionRecording

/// Makes random values of every kind that is recorded, every optional part now and then.
struct RandomRecording {
  var random: SplitMix64
  private let zoneFile: [UInt8]

  init(seed: UInt64) throws {
    random = SplitMix64(seed: seed)
    zoneFile = try File.bytes("/usr/share/zoneinfo/Europe/Stockholm")
  }

  // MARK: Parts

  mutating func duration(_ range: ClosedRange<Int>) -> Duration {
    .seconds(random.next(in: range)) + .nanoseconds(random.chance(70) ? random.next(in: 0...999_999_999) : 0)
  }

  /// A moment, now and then a negative one or one with the last digit that there can be.
  mutating func instant() -> ScalingInstant {
    let offset = duration(0...10_000_000)
    let rest = Duration(secondsComponent: 0, attosecondsComponent: Int64(random.next(in: 0...999)))
    return ScalingInstant(offset: random.chance(10) ? .zero - offset - rest : offset + rest)
  }

  mutating func text() -> String {
    random.element(of: [
      "statistics of colony dev", "", "ö \u{1F600}", "\"a\\b\"\n\u{2028}<&>", "null", "\u{0}",
    ])
  }

  mutating func optional<Value>(_ make: (inout Self) throws -> Value) rethrows -> Value? {
    random.chance(60) ? try make(&self) : nil
  }

  // MARK: Inputs

  mutating func input() throws -> ScalingInput {
    ScalingInput(
      observation: try observation(),
      otherObservations: try (0..<random.element(of: [0, 0, 1, 2])).map { _ in try observation() },
      currentReplicas: random.element(of: [0, 1, 7, Int.max]),
      readyReplicas: optional { $0.random.next(in: 0...50) }, serviceTimes: serviceTimes(),
      capacityShortage: capacityShortage(),
      pause: optional {
        ScalingPause($0.random.element(of: ScalingPause.Kind.allCases), cause: $0.text())
      },
      wallTime: optional { $0.duration(1_700_000_000...1_900_000_000) })
  }

  mutating func capacityShortage() -> CapacityShortage? {
    guard random.chance(20) else { return nil }
    return CapacityShortage(random.element(of: CapacityShortage.Kind.allCases), cause: text())
  }

  mutating func observation() throws -> QueueObservation {
    switch random.next(in: 1...10) {
    case 1: .pending
    case 2...3: .failure(QueueFailure(failedAt: instant(), message: text()))
    default: .reading(try reading())
    }
  }

  mutating func serviceTimes() -> ServiceTimesObservation {
    switch random.next(in: 1...10) {
    case 1: .pending
    case 2: .failed(text())
    default:
      .known(ServiceTimes(count: random.next(in: 0...100), mean: duration(0...9), observedAt: instant()))
    }
  }

  mutating func reading() throws -> QueueReading {
    try QueueReading(
      waiting: random.element(of: [0, 1, 99, Int.max]), running: random.next(in: 0...1_000),
      finished: optional { $0.random.next(in: 0...1_000_000) }, isFinishedShared: random.chance(30),
      observedAt: instant(),
      source: QueueSource(
        name: text(), colony: text(), serverGeneration: optional { $0.text() }),
      exactness: random.element(of: QueueReading.Exactness.allCases))
  }

  // MARK: Rules

  mutating func policy() throws -> ScalingPolicy {
    let min = random.next(in: 0...5)
    let pollInterval = duration(1...5)
    return try ScalingPolicy(
      processesPerReplica: random.element(of: [1, 3, 1_000_000_000]),
      combine: random.element(of: QueueCombination.allCases), min: min,
      max: min + random.next(in: 3...30), schedules: try schedules(),
      objectives: ScalingObjectives(
        drainWithin: optional { $0.duration(1...100) }, startWithin: optional { $0.duration(1...100) },
        concurrency: random.next(in: 1...4)),
      pollInterval: pollInterval,
      scaleUp: behavior(), idleFor: optional { $0.duration(0...80) }, scaleDown: behavior(),
      maxChangesPerHour: optional { $0.random.next(in: 1...1_000) },
      stalenessLimit: optional { pollInterval + $0.duration(0...60) },
      fallback: optional {
        FallbackPolicy(
          afterFailures: $0.random.next(in: 1...5), replicas: $0.random.next(in: 0...40),
          allowLowering: $0.random.chance(50))
      })
  }

  mutating func schedules() throws -> [ScalingSchedule] {
    try (0..<random.element(of: [0, 0, 1, 2])).map { _ in
      let isUTC = random.chance(50)
      return try ScalingSchedule(
        from: "*/\(random.next(in: 1...4)) * * * *", to: "*/\(random.next(in: 1...4)) 8-20 * * mon-fri",
        timeZone: isUTC ? "UTC" : "Europe/Stockholm", zoneFile: isUTC ? nil : zoneFile,
        min: optional { $0.random.next(in: 0...3) }, max: optional { $0.random.next(in: 3...50) })
    }
  }

  mutating func behavior() -> ScalingBehavior {
    ScalingBehavior(
      tolerance: random.element(of: [0, 0.1, 0.3, 1e-9, 10]),
      stabilizationWindow: optional { $0.duration(0...80) },
      policies: (0..<random.next(in: 0...3)).map { _ in
        ScalingRate(
          random.element(of: ScalingRate.Kind.allCases), random.next(in: 1...200), period: duration(1...40))
      }, select: random.element(of: ScalingBehavior.Select.allCases))
  }
}
