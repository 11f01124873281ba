import Autoscaling
import Testing

@Suite("Several queues of one target")
struct SeveralQueuesTests {
  private func reading(
    _ scaler: Scaler, waiting: Int, finished: Int? = nil, exactness: QueueReading.Exactness = .exact
  ) throws -> QueueObservation {
    .reading(
      try QueueReading(
        waiting: waiting, running: 0, finished: finished, observedAt: scaler.now,
        source: QueueSource(name: "the other", colony: "dev-2"), exactness: exactness))
  }

  private func failure(_ scaler: Scaler) -> QueueObservation {
    .failure(QueueFailure(failedAt: scaler.now, message: "no answer"))
  }

  private func scaler(
    _ combine: QueueCombination = .sum, idleFor: Int = 10, fallback: FallbackPolicy? = nil
  ) throws -> Scaler {
    Scaler(
      try ScalingPolicy(combine: combine, max: 100, idleFor: .seconds(idleFor), fallback: fallback))
  }

  @Test(
    "demands are added, or the largest counts",
    arguments: [(QueueCombination.sum, 12), (.max, 7)])
  func combine(combine: QueueCombination, expected: Int) throws {
    var scaler = try scaler(combine)
    scaler.others = [try reading(scaler, waiting: 7), try reading(scaler, waiting: 1)]
    #expect(try scaler.read(waiting: 3, running: 1).replicas == expected)
  }

  @Test("while one queue is unknown the others may raise, and nothing is taken away")
  func partlyUnknown() throws {
    var scaler = try scaler()
    scaler.others = [try reading(scaler, waiting: 6)]
    try scaler.read(waiting: 4)
    for _ in 1...100 {
      scaler.wait(2)
      scaler.others = [failure(scaler)]
      let decision = try scaler.read(waiting: 0)
      #expect(decision.replicas == 10)
      #expect(decision.explanation.reason == .demandIsLowerBound)
    }
    #expect(
      try scaler.read(waiting: 0).explanation.summary
        == "hold at 10: 0 waiting + 0 running need 0 replicas; queue 2 is unknown: the reading failed: "
        + "no answer (unknown for 100 polls, 3 m 18 s); the reading is a lower bound, which takes nothing away"
    )
    scaler.wait(2)
    scaler.others = [failure(scaler)]
    #expect(try scaler.read(waiting: 15).replicas == 15)
  }

  @Test("a failure that was short does not begin the observation anew, and what was seen meanwhile counts")
  func shortFailure() throws {
    var scaler = try scaler()
    for second in stride(from: 0, through: 30, by: 2) {
      scaler.wait(2)
      scaler.others = [try reading(scaler, waiting: second == 0 ? 9 : 0)]
      if second == 6 { scaler.others = [failure(scaler)] }
      try scaler.read(waiting: second == 6 ? 4 : 0)
      // 9 at first, 4 at 6 s; both are superseded two seconds later.
      let expected = second < 12 ? 9 : second < 18 ? 4 : 0
      #expect(scaler.replicas == expected, "\(second) s")
    }
  }

  @Test("a queue that is back after a long failure is observed for a whole keep-alive")
  func longFailure() throws {
    var scaler = try scaler()
    scaler.others = [try reading(scaler, waiting: 6)]
    try scaler.read(waiting: 4)
    for _ in 1...30 {
      scaler.wait(2)
      scaler.others = [failure(scaler)]
      try scaler.read(waiting: 0)
    }
    for second in stride(from: 0, through: 10, by: 2) {
      scaler.wait(2)
      scaler.others = [try reading(scaler, waiting: 0)]
      #expect(try scaler.read(waiting: 0).replicas == (second < 10 ? 10 : 0))
    }
  }

  @Test("one queue that stays unknown leads to the fallback if that is more, and never lowers")
  func fallback() throws {
    let fallback = FallbackPolicy(afterFailures: 3, replicas: 8, allowLowering: true)
    var scaler = try scaler(idleFor: 4, fallback: fallback)
    scaler.others = [try reading(scaler, waiting: 1)]
    try scaler.read(waiting: 4)
    for poll in 1...20 {
      scaler.wait(2)
      scaler.others = [failure(scaler)]
      #expect(try scaler.read(waiting: 2).replicas == (poll < 3 ? 5 : 8))
    }
    scaler.replicas = 12
    scaler.wait(2)
    scaler.others = [failure(scaler)]
    #expect(try scaler.read(waiting: 2).replicas == 12)
    // All of them unknown: the fallback may lower, once all have been for as long as it takes.
    for second in stride(from: 0, through: 8, by: 2) {
      scaler.wait(2)
      scaler.others = [failure(scaler)]
      #expect(scaler.fail().replicas == (second < 4 ? 12 : 8), "\(second) s")
    }
  }

  @Test("each queue is distrusted by its own past")
  func suspicion() throws {
    var scaler = try scaler(idleFor: 0)
    scaler.others = [try reading(scaler, waiting: 6, finished: 50)]
    try scaler.read(waiting: 4, finished: 900)
    scaler.wait(2)
    scaler.others = [try reading(scaler, waiting: 0, finished: 0)]
    #expect(try scaler.read(waiting: 4, finished: 900).replicas == 10)
    scaler.wait(2)
    scaler.others = [try reading(scaler, waiting: 0, finished: 0)]
    #expect(try scaler.read(waiting: 4, finished: 900).replicas == 4)
  }

  @Test("bounds of both kinds take nothing away")
  func exactness() throws {
    var scaler = try scaler(idleFor: 0)
    scaler.replicas = 9
    scaler.others = [try reading(scaler, waiting: 1, exactness: .atLeast)]
    #expect(try scaler.read(waiting: 1, exactness: .atMost).replicas == 9)
    scaler.wait(2)
    scaler.others = [try reading(scaler, waiting: 1)]
    #expect(try scaler.read(waiting: 1, exactness: .atMost).replicas == 2)
  }

  @Test("queues that come and go are no queue's past")
  func reconfigured() throws {
    var scaler = try scaler(idleFor: 0)
    scaler.others = [try reading(scaler, waiting: 6, finished: 50)]
    try scaler.read(waiting: 4)
    scaler.wait(2)
    scaler.others = []
    #expect(try scaler.read(waiting: 4).replicas == 4)
    scaler.wait(2)
    scaler.others = [try reading(scaler, waiting: 1, finished: 0)]
    #expect(try scaler.read(waiting: 4).replicas == 5)
  }
}
