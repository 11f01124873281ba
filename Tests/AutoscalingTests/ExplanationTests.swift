import Autoscaling
import TestSupport
import Testing

@Suite("Explanations")
struct ExplanationTests {
  private func scaler(idleFor: Int = 60, max: Int = 10, replicas: Int = 0) throws -> Scaler {
    let policy = try ScalingPolicy(
      processesPerReplica: 4, max: max, idleFor: .seconds(idleFor),
      fallback: FallbackPolicy(afterFailures: 3, replicas: 6))
    return Scaler(policy, replicas: replicas)
  }

  @Test("a change names its inputs, formulas and what would change it")
  func up() throws {
    var scaler = try scaler(replicas: 3)
    scaler.wait(1)
    let decision = try scaler.read(waiting: 12, running: 6, finished: 90, ageSeconds: 1)
    #expect(
      decision.explanation.summary
        == "scale up from 3 to 5: 12 waiting + 6 running need 5 replicas at 4 processes each")
    #expect(
      decision.explanation.description == """
        scale up from 3 to 5 (ScaledUp)
        inputs
          queue: 12 waiting + 6 running, 90 finished, observed 1 s ago from statistics of colony dev
          replicas wanted now: 3
        formulas
          demand = waiting + running = 12 + 6 = 18
          needed = ceil(demand / processesPerReplica) = ceil(18 / 4) = 5
          bounded = min(max(needed, min), max) = min(max(5, 0), 10) = 5
          replicas = max(current, bounded) = max(3, 5) = 5
        what would change it
          6 replicas at 15 waiting processes (demand 21)
          4 replicas when demand stays at 16 or less for 1 m
        """)
  }

  @Test("a hold names the window that keeps the replicas and until when")
  func keepAlive() throws {
    var scaler = try scaler()
    try scaler.keepReading(waiting: 40, for: 100)
    try scaler.keepReading(waiting: 0, running: 1, for: 20)
    let explanation = try scaler.read(waiting: 0, running: 1).explanation
    #expect(
      explanation.description == """
        hold at 10 (KeepAlive)
        inputs
          queue: 0 waiting + 1 running, observed 0 s ago from statistics of colony dev
          replicas wanted now: 10
        formulas
          demand = waiting + running = 0 + 1 = 1
          needed = ceil(demand / processesPerReplica) = ceil(1 / 4) = 1
          bounded = min(max(needed, min), max) = min(max(1, 0), 10) = 1
          kept = min(max(highest needed within keep-alive, min), max) = min(max(10, 0), 10) = 10
          replicas = min(current, kept) = min(10, 10) = 10
        limits
          keep-alive: 10 needed within the last 1 m, next step down due in 42 s
        what would change it
          1 replica in 42 s, if demand stays as it is
        """)
  }

  @Test(
    "one line says the main reason",
    arguments: [
      (0, "hold at 0: 0 waiting + 0 running need 0 replicas at 4 processes each"),
      (
        100,
        "scale up from 0 to 10: 100 waiting + 0 running need 25 replicas at 4 processes each; max allows 10 replicas"
      ),
    ])
  func summaries(waiting: Int, summary: String) throws {
    var scaler = try scaler()
    #expect(try scaler.read(waiting: waiting).explanation.summary == summary)
  }

  @Test("a step down says for how long no more was needed")
  func down() throws {
    var scaler = try scaler(idleFor: 10, replicas: 2)
    try scaler.keepReading(waiting: 0, for: 10)
    scaler.wait(2)
    #expect(
      try scaler.read(waiting: 0).explanation.summary
        == "scale down from 2 to 0: 0 waiting + 0 running need 0 replicas at 4 processes each, "
        + "and no more was needed for 10 s")
  }

  @Test("a hold after a restart says how much of the window is still to be observed")
  func restart() throws {
    var scaler = try scaler(replicas: 2)
    try scaler.keepReading(waiting: 0, for: 20)
    #expect(
      try scaler.read(waiting: 0).explanation.summary
        == "hold at 2: 0 waiting + 0 running need 0 replicas at 4 processes each; "
        + "keep-alive: observed for 18 s of 1 m, complete in 42 s")
  }

  @Test("an unknown queue is explained, with what the fallback will do")
  func unknown() throws {
    var scaler = try scaler(replicas: 2)
    try scaler.read(waiting: 5)
    scaler.wait(2)
    scaler.fail()
    scaler.wait(2)
    let explanation = scaler.fail().explanation
    #expect(
      explanation.summary
        == "hold at 2: the reading failed: connection refused (unknown for 2 polls, 2 s)")
    #expect(explanation.limits == [.unknown])
    #expect(explanation.outlook == [.readingSucceeds, .unknownPolls(1, replicas: 6)])
    scaler.wait(2)
    #expect(
      scaler.fail().explanation.description == """
        scale up from 2 to 6 (FallbackRaised)
        inputs
          queue: unknown, last known 6 s ago; the reading failed: connection refused (unknown for 3 polls, 4 s)
          replicas wanted now: 2
        formulas
          fallback = min(max(fallback.replicas, min), max) = min(max(6, 0), 10) = 6
          replicas = max(current, min, fallback) = max(2, 0, 6) = 6
        limits
          fallback of 6 replicas after 3 polls
        what would change it
          a reading that succeeds
        """)
  }

  @Test("a suspicious drop is explained with its numbers")
  func suspicious() throws {
    var scaler = try scaler()
    try scaler.read(waiting: 9, finished: 120)
    scaler.wait(2)
    let explanation = try scaler.read(waiting: 0, finished: 3).explanation
    #expect(
      explanation.summary
        == "hold at 3: the reading is not believed yet: finished processes went back from 120 to 3")
    #expect(explanation.outlook.first == .readingConfirmed)
  }

  @Test("what the outlook promises is what happens", arguments: 0..<400 as Range<UInt64>)
  func outlookComesTrue(seed: UInt64) throws {
    var behaviors = RandomScaling(seed: seed)
    var random = SplitMix64(seed: seed)
    let policy = try ScalingPolicy(
      processesPerReplica: random.next(in: 1...5), min: random.next(in: 0...2), max: random.next(in: 2...20),
      scaleUp: behaviors.behavior(), idleFor: .seconds(random.next(in: 0...100)),
      scaleDown: behaviors.behavior(), maxChangesPerHour: behaviors.budget())
    var scaler = Scaler(policy, replicas: random.next(in: 0...25))
    var decision = try scaler.read(waiting: 3)
    for _ in 0..<random.next(in: 1...100) {
      scaler.wait(random.next(in: 1...5))
      decision = try scaler.read(waiting: random.next(in: 0...30), running: random.next(in: 0...3))
    }
    guard case .demand(let demand) = decision.explanation.basis else {
      Issue.record("seed \(seed): must be known")
      return
    }
    for outlook in decision.explanation.outlook {
      var next = scaler
      switch outlook {
      case .demandRises(_, let waiting, let replicas):
        #expect(
          try next.read(waiting: waiting, running: demand.reading.running).replicas == replicas,
          "seed \(seed)")
        next = scaler
        #expect(
          try next.read(waiting: waiting - 1, running: demand.reading.running).replicas == scaler.replicas,
          "seed \(seed)")
      case .demandStays(let until, let replicas):
        while scaler.now.advanced(by: .seconds(1)) < until {
          scaler.wait(1)
          let early = try scaler.read(waiting: demand.reading.waiting, running: demand.reading.running)
          #expect(early.replicas == decision.replicas, "seed \(seed)")
        }
        scaler.now = until
        let late = try scaler.read(waiting: demand.reading.waiting, running: demand.reading.running)
        #expect(
          late.replicas == replicas, "seed \(seed): \(decision.explanation)\n\(late.explanation) \(policy)")
      case .demandRisesFor(let risen, let lasting, let replicas):
        next.wait(1)
        try next.read(waiting: risen)
        try next.keepReading(waiting: risen, for: Int(lasting / .seconds(1)), every: 1)
        #expect(next.replicas >= replicas, "seed \(seed)")
      case .demandFalls(let fallen, let lasting, let replicas):
        next.wait(1)
        try next.read(waiting: fallen)
        try next.keepReading(waiting: fallen, for: Int(lasting / .seconds(1)), every: 1)
        #expect(next.replicas <= max(replicas, policy.min), "seed \(seed)")
      default: break
      }
    }
  }

  @Test("the plain fields say the same")
  func record() throws {
    var scaler = try scaler(replicas: 12)
    try scaler.read(waiting: 1, finished: 7, ageSeconds: 0)
    scaler.wait(15)
    let record = try scaler.read(waiting: 1, finished: 7, ageSeconds: 3).explanation.record
    #expect(record.direction == .hold)
    #expect(record.reason == .windowNotObserved)
    #expect(record.current == 12 && record.replicas == 12)
    #expect(record.queue?.ageSeconds == 3)
    #expect(record.queue?.exactness == "exact")
    #expect(record.unknown == nil)
    #expect(record.formulas.map(\.result) == [1, 1, 1, 12])
    #expect(record.limits.map(\.code) == ["windowNotObserved", "outsideBounds"])
    #expect(record.limits.first?.endsInSeconds == 45)
    #expect(record.outlook.map(\.code) == ["demandStays"])
    #expect(record.outlook.map(\.replicas) == [1])
    #expect(record.policy.idleForSeconds == 60)
    scaler.wait(2)
    let failed = scaler.fail().explanation.record
    #expect(failed.unknown?.cause == "failed")
    #expect(failed.unknown?.lastKnownSecondsAgo == 5)
    #expect(failed.queue == nil)
  }

  @Test("reasons are stable words without spaces, as Events and metrics need them")
  func reasons() {
    #expect(ScalingReason.allCases.count == 27)
    for reason in ScalingReason.allCases {
      #expect(reason.rawValue.first?.isUppercase == true && reason.rawValue.allSatisfy(\.isLetter))
    }
  }
}
