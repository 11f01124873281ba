import Autoscaling
import Testing

@Suite("Unknown is not zero")
struct UnknownTests {
  private func observed(_ policy: ScalingPolicy, waiting: Int = 4) throws -> Scaler {
    var scaler = Scaler(policy)
    try scaler.keepReading(waiting: waiting, for: 100)
    return scaler
  }

  @Test("nothing known yet holds, and raises to the minimum")
  func pending() throws {
    var scaler = Scaler(try ScalingPolicy(min: 1, max: 10), replicas: 5)
    #expect(scaler.decide(.pending).explanation.reason == .readingPending)
    #expect(scaler.replicas == 5)
    scaler.replicas = 0
    #expect(scaler.decide(.pending).explanation.reason == .raisedToMinimum)
    #expect(scaler.replicas == 1)
  }

  @Test("failed polls hold for as long as they last, also above the maximum")
  func failures() throws {
    for replicas in [4, 40] {
      var scaler = try observed(try ScalingPolicy(max: 10))
      scaler.replicas = replicas
      for _ in 1...1_000 {
        scaler.wait(2)
        #expect(scaler.fail().replicas == replicas)
      }
      guard case .unknown(let unknown) = scaler.fail().explanation.basis else {
        Issue.record("must be unknown")
        return
      }
      #expect(unknown.polls == 1_000)
    }
  }

  @Test("a reading is stale from the limit on, not at it")
  func stale() throws {
    var scaler = try observed(try ScalingPolicy(max: 10, idleFor: .zero))
    scaler.wait(40)
    #expect(try scaler.read(waiting: 0, ageSeconds: 31).explanation.reason == .readingStale)
    #expect(scaler.replicas == 4)
    #expect(try scaler.read(waiting: 0, ageSeconds: 30).replicas == 0)
  }

  @Test("a reading from the future is not believed")
  func future() throws {
    var scaler = try observed(try ScalingPolicy(max: 10, idleFor: .zero))
    #expect(try scaler.read(waiting: 0, ageSeconds: -1).explanation.reason == .readingStale)
    #expect(scaler.replicas == 4)
  }

  @Test("polls may be slower than the interval, but not than the staleness limit")
  func slowPolls() throws {
    let policy = try ScalingPolicy(max: 10, pollInterval: .seconds(2))
    var scaler = Scaler(policy, replicas: 4)
    // The first answer begins the observation at 10 s; the one that says what was 60 s later comes at 80 s.
    for time in stride(from: 10, through: 80, by: 10) {
      scaler.wait(10)
      #expect(try scaler.read(waiting: 1, ageSeconds: 9).replicas == (time < 80 ? 4 : 1))
    }
    // Answers that are too old, and answers with too much time between them.
    for age in [35, 0] {
      var scaler = Scaler(policy, replicas: 4)
      for _ in 1...20 {
        scaler.wait(40)
        #expect(try scaler.read(waiting: 1, ageSeconds: age).replicas == 4)
      }
      scaler.wait(40)
      #expect(try scaler.read(waiting: 6).replicas == 6)
    }
  }

  @Test("a jump of the clock moves no window", arguments: [-86_400, -7, 7, 86_400])
  func clockJump(seconds: Int) throws {
    var steady = try observed(try ScalingPolicy(max: 10))
    var jumping = steady
    jumping.clockError = .seconds(seconds)
    for _ in 1...40 {
      steady.wait(2)
      jumping.wait(2)
      let (expected, decision) = (try steady.read(waiting: 1), try jumping.read(waiting: 1))
      #expect(decision.replicas == expected.replicas)
      #expect(decision.explanation.reason == expected.explanation.reason)
      #expect(decision.explanation.limits == expected.explanation.limits)
    }
    #expect(jumping.replicas == 1)
  }

  @Test(
    "the fallback raises after its number of failures, never lowers unless allowed, and stays in bounds",
    arguments: [
      (current: 4, fallback: 7, allowed: false, expected: 7, reason: ScalingReason.fallbackRaised),
      (current: 0, fallback: 7, allowed: false, expected: 7, reason: .fallbackRaised),
      (current: 4, fallback: 99, allowed: false, expected: 10, reason: .fallbackRaised),
      (current: 4, fallback: 4, allowed: false, expected: 4, reason: .fallbackHeld),
      (current: 4, fallback: 1, allowed: false, expected: 4, reason: .fallbackHeld),
      (current: 40, fallback: 7, allowed: false, expected: 40, reason: .fallbackHeld),
      (current: 4, fallback: 3, allowed: true, expected: 3, reason: .fallbackLowered),
      (current: 4, fallback: 0, allowed: true, expected: 2, reason: .fallbackLowered),
      (current: 40, fallback: 99, allowed: true, expected: 10, reason: .fallbackLowered),
    ])
  func fallback(current: Int, fallback: Int, allowed: Bool, expected: Int, reason: ScalingReason) throws {
    let fallback = FallbackPolicy(afterFailures: 3, replicas: fallback, allowLowering: allowed)
    var scaler = try observed(try ScalingPolicy(min: 2, max: 10, idleFor: .seconds(4), fallback: fallback))
    for poll in 1...3 {
      scaler.wait(2)
      scaler.replicas = current
      let decision = scaler.fail()
      guard poll < 3 else {
        #expect(decision.replicas == expected)
        #expect(decision.explanation.reason == reason)
        return
      }
      #expect(decision.replicas == max(current, 2))
    }
  }

  @Test("a fallback that may lower waits as long as a lower demand would have to last")
  func fallbackWaits() throws {
    let fallback = FallbackPolicy(afterFailures: 2, replicas: 1, allowLowering: true)
    var scaler = Scaler(try ScalingPolicy(max: 10, fallback: fallback), replicas: 5)
    let begin = scaler.now
    scaler.fail()
    scaler.wait(2)
    #expect(
      scaler.fail().explanation.limits
        == [.unknown, .fallbackMayNotLower(replicas: 1, until: begin.advanced(by: .seconds(60)))])
    scaler.wait(57)
    #expect(scaler.fail().replicas == 5)
    scaler.wait(1)
    #expect(scaler.fail().replicas == 1)
  }

  @Test("the same failure decided on twice is one failure")
  func countedOnce() throws {
    var scaler = Scaler(
      try ScalingPolicy(max: 10, fallback: FallbackPolicy(afterFailures: 2, replicas: 5)), replicas: 1)
    for _ in 1...5 { #expect(scaler.fail().replicas == 1) }
    scaler.wait(2)
    #expect(scaler.fail().replicas == 5)
  }

  @Test("one good reading ends the row of failures")
  func rowEnds() throws {
    var scaler = Scaler(
      try ScalingPolicy(max: 10, fallback: FallbackPolicy(afterFailures: 2, replicas: 5)), replicas: 1)
    for _ in 1...10 {
      scaler.wait(2)
      scaler.fail()
      scaler.wait(2)
      try scaler.read(waiting: 1)
      #expect(scaler.replicas == 1)
    }
  }

  @Test("what the fallback raised is kept for a whole window after the first good reading")
  func afterFallback() throws {
    let fallback = FallbackPolicy(afterFailures: 2, replicas: 8)
    var scaler = try observed(try ScalingPolicy(max: 10, fallback: fallback), waiting: 1)
    for _ in 1...2 {
      scaler.wait(2)
      scaler.fail()
    }
    #expect(scaler.replicas == 8)
    try scaler.keepReading(waiting: 1, for: 60)
    #expect(scaler.replicas == 8)
    try scaler.keepReading(waiting: 1, for: 2)
    #expect(scaler.replicas == 1)
  }
}
