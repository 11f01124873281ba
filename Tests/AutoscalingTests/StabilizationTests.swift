import Autoscaling
import TestSupport
import Testing

@Suite("Tolerance and stabilization")
struct StabilizationTests {
  @Test(
    "a tolerance ignores what is near, in each direction by itself, and compares demand, not replicas",
    arguments: [
      (each: 1, demand: 110, expected: 100), (each: 1, demand: 111, expected: 111),
      (each: 1, demand: 80, expected: 100), (each: 1, demand: 79, expected: 79),
      (each: 10, demand: 1_099, expected: 100), (each: 10, demand: 1_101, expected: 111),
      (each: 10, demand: 801, expected: 100), (each: 10, demand: 799, expected: 80),
      (each: 1, demand: 115, expected: 115),
    ])
  func tolerance(each: Int, demand: Int, expected: Int) throws {
    let policy = try ScalingPolicy(
      processesPerReplica: each, max: 1_000, scaleUp: ScalingBehavior(tolerance: 0.1), idleFor: .zero,
      scaleDown: ScalingBehavior(tolerance: 0.2))
    var scaler = Scaler(policy, replicas: 100)
    let decision = try scaler.read(waiting: demand)
    #expect(decision.replicas == expected)
    #expect((decision.explanation.reason == .withinTolerance) == (expected == 100))
  }

  @Test("a tolerance is exact where its sum is not: 1.15 is within 15 hundredths of 1")
  func exact() throws {
    var scaler = Scaler(
      try ScalingPolicy(max: 1_000, scaleUp: ScalingBehavior(tolerance: 0.15)), replicas: 100)
    #expect(try scaler.read(waiting: 115).replicas == 100)
    #expect(try scaler.read(waiting: 116).replicas == 116)
  }

  @Test("a tolerance never keeps the number outside its bounds, nor at zero")
  func toleranceAndBounds() throws {
    let wide = ScalingBehavior(tolerance: 10)
    var low = Scaler(try ScalingPolicy(min: 5, max: 8, scaleUp: wide), replicas: 3)
    #expect(try low.read(waiting: 6).replicas == 5)
    var high = Scaler(try ScalingPolicy(max: 8, idleFor: .zero, scaleDown: wide), replicas: 12)
    #expect(try high.read(waiting: 3).replicas == 8)
    var none = Scaler(try ScalingPolicy(max: 8, scaleUp: wide))
    #expect(try none.read(waiting: 1).replicas == 1)
  }

  @Test("within tolerance is explained, with the demand that changes it")
  func toleranceExplained() throws {
    var scaler = Scaler(
      try ScalingPolicy(
        max: 1_000, scaleUp: ScalingBehavior(tolerance: 0.1), idleFor: .seconds(10),
        scaleDown: ScalingBehavior(tolerance: 0.1)), replicas: 100)
    let explanation = try scaler.read(waiting: 105).explanation
    #expect(
      explanation.description == """
        hold at 100 (WithinTolerance)
        inputs
          queue: 105 waiting + 0 running, observed 0 s ago from statistics of colony dev
          replicas wanted now: 100
        formulas
          demand = waiting + running = 105 + 0 = 105
          needed = ceil(demand / processesPerReplica) = ceil(105 / 1) = 105
          bounded = min(max(needed, min), max) = min(max(105, 0), 1000) = 105
          replicas = max(current, min), as 1.05 of their demand is within tolerance = max(100, 0) = 100
        limits
          demand is 1.05 of what 100 are for, and 0.1 is tolerated
        what would change it
          111 replicas at 111 waiting processes (demand 111)
          89 replicas when demand stays at 89 or less for 10 s
        """)
  }

  @Test("growth waits until the demand has lasted, and goes to the lowest of it")
  func growth() throws {
    let policy = try ScalingPolicy(
      max: 100, scaleUp: ScalingBehavior(stabilizationWindow: .seconds(30)), idleFor: .zero)
    var scaler = Scaler(policy)
    try scaler.read(waiting: 0)
    scaler.wait(2)
    let first = try scaler.read(waiting: 50)
    #expect(first.explanation.reason == .stabilizing)
    #expect(first.explanation.nextStep?.replicas == 50)
    #expect(first.explanation.nextStep?.at == scaler.now.advanced(by: .seconds(30)))
    #expect(
      first.explanation.summary
        == "hold at 0: 50 waiting + 0 running need 50 replicas; stabilization: 0 needed within the last 30 s, "
        + "next step up due in 30 s")
    try scaler.keepReading(waiting: 20, for: 10)
    try scaler.keepReading(waiting: 50, for: 18)
    #expect(scaler.replicas == 0)
    try scaler.keepReading(waiting: 50, for: 2)
    #expect(scaler.replicas == 20)
    try scaler.keepReading(waiting: 50, for: 12)
    #expect(scaler.replicas == 50)
  }

  @Test("after a restart, and after a time without readings, nothing unknown holds growth up")
  func growthAfterRestart() throws {
    let policy = try ScalingPolicy(max: 100, scaleUp: ScalingBehavior(stabilizationWindow: .seconds(30)))
    var scaler = Scaler(policy)
    #expect(try scaler.read(waiting: 7).replicas == 7)
    scaler.wait(500)
    #expect(try scaler.read(waiting: 9).replicas == 7, "seven were needed until now")
    scaler.wait(30)
    #expect(try scaler.read(waiting: 9).replicas == 9)
  }

  @Test(
    "keep-alive and stabilization window are one rule, and the longer one holds",
    arguments: [
      (idle: Int?.none, window: Int?.none, expected: 60), (nil, 0, 0), (nil, 300, 300), (20, 10, 20),
      (10, 20, 20), (0, nil, 0),
    ])
  func windows(idle: Int?, window: Int?, expected: Int) throws {
    let policy = try ScalingPolicy(
      max: 10, idleFor: idle.map { .seconds($0) },
      scaleDown: ScalingBehavior(stabilizationWindow: window.map { .seconds($0) }))
    #expect(policy.scaleDown.window == .seconds(expected))
    var scaler = Scaler(policy, replicas: 5)
    try scaler.read(waiting: 1)
    if expected > 0 {
      try scaler.keepReading(waiting: 1, for: expected - 1, every: 1)
      #expect(scaler.replicas == 5)
      scaler.wait(1)
      try scaler.read(waiting: 1)
    }
    #expect(scaler.replicas == 1)
  }

  @Test("growth never exceeds what was needed all through the window", arguments: 0..<40 as Range<UInt64>)
  func lowest(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let length = random.element(of: [1, 7, 30])
    let policy = try ScalingPolicy(
      max: 100, scaleUp: ScalingBehavior(stabilizationWindow: .seconds(length)), idleFor: .zero)
    var scaler = Scaler(policy)
    var needed: [(at: ScalingInstant, replicas: Int)] = []
    for _ in 0..<500 {
      scaler.wait(random.next(in: 0...3))
      let waiting = random.element(of: [0, 10, 20, 20, 20, 90])
      let begin = scaler.now.advanced(by: .seconds(-length))
      needed.append((scaler.now, waiting))
      let decision = try scaler.read(waiting: waiting)
      let inForce = needed.indices.filter { $0 + 1 == needed.count || needed[$0 + 1].at > begin }
      let lowest = inForce.map { needed[$0].replicas }.min() ?? 0
      guard decision.direction == .up else { continue }
      #expect(decision.replicas <= lowest, "seed \(seed): \(decision.explanation)")
    }
  }
}
