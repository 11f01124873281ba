import Testing

@testable import Autoscaling

@Suite("Shrinking only after the keep-alive window")
struct KeepAliveTests {
  private func scaler(idleFor: Int = 60, min: Int = 0, replicas: Int = 0) throws -> Scaler {
    Scaler(try ScalingPolicy(min: min, max: 10, idleFor: .seconds(idleFor)), replicas: replicas)
  }

  @Test("to zero when nothing was needed for the whole window, and not a reading sooner")
  func toZero() throws {
    var scaler = try scaler()
    try scaler.read(waiting: 3)
    try scaler.keepReading(waiting: 0, running: 3, for: 60)
    scaler.wait(2)
    let first = try scaler.read(waiting: 0)
    #expect(first.replicas == 3)
    #expect(first.explanation.reason == .keepAlive)
    #expect(first.explanation.nextStep == ScalingStep(replicas: 0, at: scaler.now.advanced(by: .seconds(60))))
    try scaler.keepReading(waiting: 0, for: 58)
    #expect(scaler.replicas == 3)
    scaler.wait(2)
    let last = try scaler.read(waiting: 0)
    #expect(last.replicas == 0)
    #expect(last.explanation.reason == .scaledDown)
  }

  @Test("a short burst of demand begins the window anew")
  func burst() throws {
    var scaler = try scaler()
    try scaler.read(waiting: 3)
    try scaler.keepReading(waiting: 0, for: 50)
    scaler.wait(2)
    try scaler.read(waiting: 2)
    try scaler.keepReading(waiting: 0, for: 60)
    #expect(scaler.replicas == 2)
    try scaler.keepReading(waiting: 0, for: 2)
    #expect(scaler.replicas == 0)
  }

  @Test("demand that falls in steps is followed in steps, each after its own window")
  func steps() throws {
    var scaler = try scaler()
    try scaler.keepReading(waiting: 6, for: 60)
    try scaler.keepReading(waiting: 4, for: 20)
    try scaler.keepReading(waiting: 1, for: 20)
    #expect(scaler.replicas == 6)
    try scaler.keepReading(waiting: 1, for: 22)
    #expect(scaler.replicas == 4)
    try scaler.keepReading(waiting: 1, for: 18)
    #expect(scaler.replicas == 4)
    try scaler.keepReading(waiting: 1, for: 2)
    #expect(scaler.replicas == 1)
  }

  @Test("replicas that were taken away by hand are not brought back for a demand that is over")
  func lowerByHand() throws {
    var scaler = try scaler()
    try scaler.read(waiting: 8)
    scaler.wait(2)
    scaler.replicas = 3
    #expect(try scaler.read(waiting: 2).replicas == 3)
  }

  @Test("after a restart a whole window is observed before anything shrinks, also from above the maximum")
  func restart() throws {
    for replicas in [4, 40] {
      var scaler = try scaler(replicas: replicas)
      let first = try scaler.read(waiting: 1)
      #expect(first.explanation.reason == .windowNotObserved)
      #expect(
        first.explanation.nextStep == ScalingStep(replicas: 1, at: scaler.now.advanced(by: .seconds(60))))
      #expect(first.explanation.limits.contains(.outsideBounds(current: 40)) == (replicas == 40))
      try scaler.keepReading(waiting: 1, for: 58)
      #expect(scaler.replicas == replicas)
      try scaler.keepReading(waiting: 1, for: 2)
      #expect(scaler.replicas == 1)
    }
  }

  @Test("an old answer does not stand for a time before the restart")
  func restartWithOldReading() throws {
    var scaler = try scaler(idleFor: 10, replicas: 4)
    try scaler.read(waiting: 1, ageSeconds: 20)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 1).explanation.reason == .windowNotObserved)
    try scaler.keepReading(waiting: 1, for: 8)
    #expect(scaler.replicas == 4)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 1).replicas == 1)
  }

  @Test("after a restart growing needs no window")
  func restartGrows() throws {
    var scaler = try scaler(replicas: 4)
    #expect(try scaler.read(waiting: 7).replicas == 7)
  }

  @Test("a pause between readings longer than the staleness limit begins the window anew")
  func gap() throws {
    var scaler = try scaler()
    try scaler.keepReading(waiting: 3, for: 100)
    try scaler.keepReading(waiting: 0, for: 40)
    scaler.wait(31)
    #expect(try scaler.read(waiting: 0).explanation.reason == .windowNotObserved)
    try scaler.keepReading(waiting: 0, for: 58)
    #expect(scaler.replicas == 3)
    try scaler.keepReading(waiting: 0, for: 2)
    #expect(scaler.replicas == 0)
  }

  @Test("a failed poll within the staleness limit does not begin the window anew")
  func shortFailure() throws {
    var scaler = try scaler()
    try scaler.keepReading(waiting: 3, for: 100)
    try scaler.keepReading(waiting: 0, for: 40)
    scaler.wait(2)
    scaler.fail()
    try scaler.keepReading(waiting: 0, for: 20)
    #expect(scaler.replicas == 0)
  }

  @Test("without keep-alive the first lower reading shrinks")
  func noKeepAlive() throws {
    var scaler = try scaler(idleFor: 0)
    try scaler.read(waiting: 7)
    scaler.wait(2)
    #expect(try scaler.read(waiting: 2).replicas == 2)
  }

  @Test("a lower bound of demand grows the scaler and never shrinks it")
  func lowerBound() throws {
    var scaler = try scaler()
    try scaler.keepReading(waiting: 3, for: 100)
    scaler.wait(2)
    #expect(try scaler.read(waiting: 5, exactness: .atLeast).replicas == 5)
    for _ in 1...100 {
      scaler.wait(2)
      let decision = try scaler.read(waiting: 1, exactness: .atLeast)
      #expect(decision.replicas == 5)
      #expect(decision.explanation.reason == .demandIsLowerBound)
      #expect(decision.explanation.outlook.last == .readingIsExact)
    }
    scaler.wait(2)
    #expect(try scaler.read(waiting: 1).explanation.reason == .windowNotObserved)
  }

  @Test("an upper bound of demand is followed like an exact count")
  func upperBound() throws {
    var scaler = try scaler(idleFor: 0, replicas: 8)
    #expect(try scaler.read(waiting: 2, exactness: .atMost).replicas == 2)
  }

  @Test("a policy with a longer window waits until that one is observed; a shorter one applies at once")
  func reload() throws {
    var scaler = try scaler(idleFor: 10)
    try scaler.keepReading(waiting: 3, for: 20)
    try scaler.keepReading(waiting: 0, for: 20)
    #expect(scaler.replicas == 0)
    scaler.replicas = 3
    scaler.policy = try ScalingPolicy(max: 10, idleFor: .seconds(100))
    try scaler.keepReading(waiting: 0, for: 80)
    #expect(scaler.replicas == 3)
    scaler.policy = try ScalingPolicy(max: 10, idleFor: .seconds(20))
    try scaler.keepReading(waiting: 0, for: 2)
    #expect(scaler.replicas == 0)
  }

  @Test("a lower maximum applies at once to a scaler that has observed its window")
  func lowerMaximum() throws {
    var scaler = try scaler()
    try scaler.keepReading(waiting: 50, for: 100)
    #expect(scaler.replicas == 10)
    scaler.policy = try ScalingPolicy(max: 4)
    scaler.wait(2)
    let decision = try scaler.read(waiting: 50)
    #expect(decision.replicas == 4)
    #expect(decision.explanation.reason == .loweredToMaximum)
  }
}
