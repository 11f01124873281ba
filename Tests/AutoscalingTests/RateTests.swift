import Autoscaling
import TestSupport
import Testing

@Suite("How fast replicas may change")
struct RateTests {
  private func scaler(
    up: ScalingBehavior = ScalingBehavior(), down: ScalingBehavior = ScalingBehavior(), max: Int = 1_000,
    replicas: Int = 0
  ) throws -> Scaler {
    Scaler(
      try ScalingPolicy(max: max, scaleUp: up, idleFor: .zero, scaleDown: down), replicas: replicas)
  }

  /// The replicas after each of some seconds, read once a second.
  private func replicas(
    _ scaler: inout Scaler, waiting: Int, at seconds: [Int]
  ) throws -> [Int] {
    var found: [Int] = []
    for second in 0...(seconds.last ?? 0) {
      if second > 0 { scaler.wait(1) }
      try scaler.read(waiting: waiting)
      if seconds.contains(second) { found.append(scaler.replicas) }
    }
    return found
  }

  @Test("a number of pods in each period, in one step or in several")
  func pods() throws {
    var scaler = try scaler(up: ScalingBehavior(policies: [ScalingRate(.pods, 4, period: .seconds(60))]))
    #expect(try replicas(&scaler, waiting: 10, at: [0, 59, 60, 119, 120, 200]) == [4, 4, 8, 8, 10, 10])
  }

  @Test("a percentage rounds up, and leads from none to one")
  func percentUp() throws {
    let rate = ScalingRate(.percent, 50, period: .seconds(10))
    var scaler = try scaler(up: ScalingBehavior(policies: [rate]))
    #expect(try replicas(&scaler, waiting: 99, at: [0, 10, 20, 30, 40, 50]) == [1, 2, 3, 5, 8, 12])
  }

  @Test("a percentage that is taken away leaves its rest rounded down")
  func percentDown() throws {
    let rate = ScalingRate(.percent, 10, period: .seconds(10))
    var scaler = try scaler(down: ScalingBehavior(policies: [rate]), replicas: 25)
    #expect(try replicas(&scaler, waiting: 0, at: [9, 10, 20, 30, 40]) == [25, 22, 19, 17, 15])
  }

  @Test(
    "Max takes the rate that allows most, Min the one that allows least, Disabled none",
    arguments: [(ScalingBehavior.Select.max, 20), (.min, 14), (.disabled, 10)])
  func select(select: ScalingBehavior.Select, expected: Int) throws {
    let rates = [
      ScalingRate(.pods, 4, period: .seconds(60)), ScalingRate(.percent, 100, period: .seconds(60)),
    ]
    var up = try scaler(up: ScalingBehavior(policies: rates, select: select), replicas: 10)
    #expect(try up.read(waiting: 500).replicas == expected)
    var down = try scaler(down: ScalingBehavior(policies: rates, select: select), replicas: 10)
    try down.keepReading(waiting: 10, for: 62)
    #expect(
      try down.read(waiting: 0).replicas == [ScalingBehavior.Select.max: 0, .min: 6, .disabled: 10][select])
  }

  @Test("what was taken away within the period may come back, as it does with a HorizontalPodAutoscaler")
  func netChange() throws {
    let rates = [ScalingRate(.pods, 2, period: .seconds(60))]
    var scaler = try scaler(
      up: ScalingBehavior(policies: rates), down: ScalingBehavior(policies: rates), replicas: 10)
    try scaler.keepReading(waiting: 10, for: 62)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 0).replicas == 8)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 100).replicas == 12)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 100).replicas == 12)
  }

  @Test("changes by others use up nothing")
  func foreign() throws {
    var scaler = try scaler(up: ScalingBehavior(policies: [ScalingRate(.pods, 2, period: .seconds(60))]))
    #expect(try scaler.read(waiting: 50).replicas == 2)
    scaler.replicas = 20
    scaler.wait(1)
    #expect(try scaler.read(waiting: 50).replicas == 20)
    scaler.wait(59)
    #expect(try scaler.read(waiting: 50).replicas == 22)
  }

  @Test("a decision that was not carried out uses up nothing")
  func notCarriedOut() throws {
    var scaler = try scaler(up: ScalingBehavior(policies: [ScalingRate(.pods, 2, period: .seconds(60))]))
    for _ in 1...10 {
      #expect(try scaler.read(waiting: 50).replicas == 2)
      scaler.replicas = 0
      scaler.wait(1)
    }
  }

  @Test("after a restart growth begins at once, and nothing shrinks before a period was observed")
  func restart() throws {
    let behavior = ScalingBehavior(policies: [ScalingRate(.pods, 2, period: .seconds(60))])
    var growing = try scaler(up: behavior, replicas: 5)
    #expect(try growing.read(waiting: 50).replicas == 7)
    var shrinking = try scaler(down: behavior, replicas: 5)
    let decision = try shrinking.read(waiting: 0)
    #expect(decision.explanation.reason == .rateLimited)
    #expect(decision.explanation.limits.first?.until == .origin.advanced(by: .seconds(60)))
    #expect(decision.explanation.nextStep?.replicas == 3)
    #expect(
      decision.explanation.summary
        == "hold at 5: 0 waiting + 0 running need 0 replicas; scaleDown allows 2 Pods in 1 m, not observed for "
        + "as long yet, fewer in 1 m, otherwise 0")
    #expect(try replicas(&shrinking, waiting: 0, at: [59, 60]) == [5, 3])
  }

  @Test("coming back within the bounds needs no rate and no permission")
  func bounds() throws {
    let disabled = ScalingBehavior(select: .disabled)
    var low = Scaler(try ScalingPolicy(min: 3, max: 9, scaleUp: disabled))
    #expect(try low.read(waiting: 8).replicas == 3)
    #expect(try low.read(waiting: 8).explanation.reason == .directionDisabled)
    var high = Scaler(try ScalingPolicy(max: 9, idleFor: .zero, scaleDown: disabled), replicas: 20)
    #expect(try high.read(waiting: 0).replicas == 9)
    #expect(try high.read(waiting: 0).explanation.outlook.isEmpty)
  }

  @Test("the rate is explained with its numbers, and when more is allowed")
  func explanation() throws {
    let rate = ScalingRate(.percent, 50, period: .seconds(30))
    var scaler = try scaler(up: ScalingBehavior(policies: [rate]), max: 100, replicas: 4)
    let text = try scaler.read(waiting: 40).explanation.description
    #expect(
      text == """
        scale up from 4 to 6 (ScaledUp)
        inputs
          queue: 40 waiting + 0 running, observed 0 s ago from statistics of colony dev
          replicas wanted now: 4
        formulas
          demand = waiting + running = 40 + 0 = 40
          needed = ceil(demand / processesPerReplica) = ceil(40 / 1) = 40
          bounded = min(max(needed, min), max) = min(max(40, 0), 100) = 40
          wanted = max(current, bounded) = max(4, 40) = 40
          allowed = max(current, max(ceil(start of period * (100 + 50) / 100), start of period + 1)) = \
        max(4, max(ceil(4 * (100 + 50) / 100), 4 + 1)) = 6
          replicas = min(wanted, max(allowed, min)) = min(40, max(6, 0)) = 6
        limits
          scaleUp allows 50 Percent in 30 s, from 4 to 6, more in 30 s, otherwise 40
        what would change it
          9 replicas in 30 s, if demand stays as it is
          5 replicas when demand stays at 5 or less for 0 s
        """)
  }

  /// What there was at a moment, by a list of all changes.
  private struct Timeline {
    var changes: [(at: ScalingInstant, replicas: Int)]

    func replicas(at moment: ScalingInstant) -> Int? { changes.last { $0.at <= moment }?.replicas }
  }

  @Test("rates hold in every sliding period of every history", arguments: 0..<40 as Range<UInt64>)
  func slidingPeriods(seed: UInt64) throws {
    var generator = RandomScaling(seed: seed)
    for _ in 0..<6 {
      let rates = { (0..<generator.random.next(in: 1...3)).map { _ in generator.rate() } }
      let select: ScalingBehavior.Select = generator.random.element(of: [.max, .min])
      let policy = try ScalingPolicy(
        min: generator.random.element(of: [0, 2]), max: 60,
        scaleUp: ScalingBehavior(policies: rates(), select: select), idleFor: .zero,
        scaleDown: ScalingBehavior(policies: rates(), select: select), stalenessLimit: .seconds(100))
      var scaler = Scaler(policy, replicas: generator.random.next(in: 2...40))
      var timeline = Timeline(changes: [(scaler.now, scaler.replicas)])
      for _ in 0..<150 {
        scaler.now = scaler.now.advanced(by: .milliseconds(generator.random.next(in: 0...4_000)))
        let before = scaler.replicas
        let decision = try scaler.read(waiting: generator.random.element(of: [0, 0, 5, 30, 90]))
        if generator.random.chance(10) {
          scaler.replicas = before
          continue
        }
        let now = scaler.now
        func holds(_ rate: ScalingRate, _ isGrowth: Bool) -> Bool {
          let start = timeline.replicas(at: now.advanced(by: .zero - rate.period))
          guard let start else { return isGrowth && holdsFrom(timeline.changes[0].replicas, rate, isGrowth) }
          return holdsFrom(start, rate, isGrowth)
        }
        func holdsFrom(_ start: Int, _ rate: ScalingRate, _ isGrowth: Bool) -> Bool {
          let part = (start * rate.value + 99) / 100
          return switch (rate.type, isGrowth) {
          case (.pods, true): decision.replicas <= start + rate.value
          case (.pods, false): decision.replicas >= start - rate.value
          case (.percent, true): decision.replicas <= start + max(part, 1)
          case (.percent, false): decision.replicas >= start - part
          }
        }
        if decision.direction != .hold {
          let isGrowth = decision.direction == .up
          let behavior = isGrowth ? policy.scaleUp : policy.scaleDown.behavior
          let found = behavior.policies.map { holds($0, isGrowth) }
          let isKept = select == .max ? found.contains(true) : !found.contains(false)
          #expect(isKept, "seed \(seed): \(decision.explanation)")
          timeline.changes.append((now, decision.replicas))
        }
      }
    }
  }
}
