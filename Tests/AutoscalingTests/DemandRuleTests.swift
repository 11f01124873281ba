import Testing

@testable import Autoscaling

@Suite("From demand to replicas")
struct DemandRuleTests {
  @Test(
    "waiting and running processes, in whole replicas, within the bounds, in one step",
    arguments: [
      (waiting: 0, running: 0, current: 0, expected: 0, reason: ScalingReason.steady),
      (waiting: 1, running: 0, current: 0, expected: 1, reason: .scaledUp),
      (waiting: 4, running: 0, current: 0, expected: 1, reason: .scaledUp),
      (waiting: 5, running: 0, current: 0, expected: 2, reason: .scaledUp),
      (waiting: 0, running: 5, current: 2, expected: 2, reason: .steady),
      (waiting: 3, running: 6, current: 2, expected: 3, reason: .scaledUp),
      (waiting: 40, running: 0, current: 0, expected: 10, reason: .scaledUp),
      (waiting: 41, running: 0, current: 0, expected: 10, reason: .scaledUp),
      (waiting: 41, running: 0, current: 10, expected: 10, reason: .atMaximum),
      (waiting: .max, running: .max, current: 3, expected: 10, reason: .scaledUp),
    ])
  func demand(waiting: Int, running: Int, current: Int, expected: Int, reason: ScalingReason) throws {
    var scaler = Scaler(try ScalingPolicy(processesPerReplica: 4, max: 10), replicas: current)
    let decision = try scaler.read(waiting: waiting, running: running)
    #expect(decision.replicas == expected)
    #expect(decision.explanation.reason == reason)
    #expect(decision.direction == (expected > current ? .up : .hold))
  }

  @Test(
    "bounds hold when there is less demand, none, or the replicas are outside them",
    arguments: [
      (waiting: 0, current: 0, expected: 2, reason: ScalingReason.raisedToMinimum),
      (waiting: 0, current: 2, expected: 2, reason: .atMinimum),
      (waiting: 3, current: 0, expected: 3, reason: .scaledUp),
      (waiting: 2, current: 2, expected: 2, reason: .steady),
      (waiting: 9, current: 8, expected: 5, reason: .loweredToMaximum),
      (waiting: 3, current: 8, expected: 3, reason: .scaledDown),
      (waiting: 0, current: .max, expected: 2, reason: .scaledDown),
    ])
  func bounds(waiting: Int, current: Int, expected: Int, reason: ScalingReason) throws {
    var scaler = Scaler(try ScalingPolicy(min: 2, max: 5, idleFor: .zero), replicas: current)
    let decision = try scaler.read(waiting: waiting)
    #expect(decision.replicas == expected)
    #expect(decision.explanation.reason == reason)
  }

  @Test("a negative number of replicas is none")
  func negativeReplicas() throws {
    var scaler = Scaler(try ScalingPolicy(max: 5), replicas: -3)
    #expect(try scaler.read(waiting: 0).explanation.current == 0)
  }

  @Test("pods that are still starting are not bought twice")
  func noCompounding() throws {
    var scaler = Scaler(try ScalingPolicy(max: 100))
    #expect(try scaler.read(waiting: 30).replicas == 30)
    for _ in 1...10 {
      scaler.wait(2)
      #expect(try scaler.read(waiting: 30).replicas == 30)
    }
  }

  @Test("a paused scaler changes nothing, says what it would do, and knows its past when it resumes")
  func paused() throws {
    let pause = ScalingPause(cause: "annotation")
    var scaler = Scaler(try ScalingPolicy(min: 1, max: 5, idleFor: .seconds(10)), replicas: 9)
    for _ in 0...5 {
      scaler.wait(2)
      try scaler.read(waiting: 0, pause: pause)
    }
    let decision = try scaler.read(waiting: 0, pause: pause)
    #expect(decision.replicas == 9)
    #expect(decision.explanation.reason == .paused)
    #expect(decision.explanation.replicasUnlessPaused == 1)
    #expect(decision.explanation.outlook == [.resumed(replicas: 1)])
    #expect(decision.explanation.limits.last == .paused(pause))
    #expect(try scaler.read(waiting: 0).replicas == 1)
  }

  @Test("counts that no queue can have are refused")
  func impossibleCounts() {
    for (waiting, running, finished) in [(-1, 0, 0), (0, -1, 0), (0, 0, -1)] {
      #expect(throws: QueueReadingError(waiting: waiting, running: running, finished: finished)) {
        try QueueReading(
          waiting: waiting, running: running, finished: finished, observedAt: .origin, source: Scaler.source)
      }
    }
  }
}
