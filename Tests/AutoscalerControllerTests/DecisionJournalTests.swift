import Autoscaling
import JSON
import Testing

@testable import AutoscalerController

@Suite("What is worth a line")
struct DecisionJournalTests {
  /// A scaler that decides once a second and carries its decisions out.
  private struct Scaler {
    let log = TestLog()
    let policy: ScalingPolicy
    var state = ScalerState()
    var journal = DecisionJournal(isDryRun: false)
    var replicas = 0
    var now = ScalingInstant.origin

    init() throws { policy = try ScalingPolicy(max: 4, idleFor: .seconds(10)) }

    mutating func decide(_ observation: QueueObservation) {
      let input = ScalingInput(observation: observation, currentReplicas: replicas)
      let decision = policy.decide(input, state: &state, now: now)
      replicas = decision.replicas
      journal.record(decision.explanation, log.logger)
      now = now.advanced(by: .seconds(1))
    }

    mutating func read(_ waiting: Int, times: Int = 1) throws {
      for _ in 0..<times {
        decide(
          .reading(
            try QueueReading(
              waiting: waiting, running: 0, observedAt: now, source: QueueSource(name: "q", colony: "c"))))
      }
    }

    mutating func fail(_ message: String = "refused", times: Int = 1) {
      for _ in 0..<times { decide(.failure(QueueFailure(failedAt: now, message: message))) }
    }

    var reasons: [String] {
      log.lines("decision").filter { $0["level"]?.string != "debug" }.compactMap {
        $0["metadata"]?["reason"]?.string
      }
    }
  }

  @Test("an hour in which nothing happens has no line")
  func quiet() throws {
    var scaler = try Scaler()
    try scaler.read(0, times: 3_600)
    #expect(scaler.reasons == [])
    #expect(scaler.log.lines("decision").count == 3_600)
  }

  @Test("each change and each new reason has one line")
  func reasons() throws {
    var scaler = try Scaler()
    try scaler.read(2, times: 20)
    try scaler.read(1, times: 30)
    try scaler.read(9, times: 30)
    #expect(scaler.reasons == ["ScaledUp", "KeepAlive", "ScaledDown", "ScaledUp", "AtMaximum"])
  }

  @Test("a reason that comes and goes is told once a minute, with how much was left out")
  func flapping() throws {
    var scaler = try Scaler()
    for _ in 0..<60 {
      scaler.fail()
      try scaler.read(0)
    }
    #expect(scaler.reasons == ["ReadingFailed", "Steady", "ReadingFailed", "Steady"])
    let second = scaler.log.lines("decision").filter { $0["level"] == "warning" }.last
    #expect(second?["metadata"]?["decisionsSinceLastLine"] == 58)
  }

  @Test("an outage is told at its beginning and its end, and again when it has another cause")
  func outage() throws {
    var scaler = try Scaler()
    try scaler.read(0, times: 5)
    scaler.fail(times: 300)
    scaler.fail("denied", times: 300)
    try scaler.read(0, times: 5)
    #expect(scaler.reasons == ["ReadingFailed", "ReadingFailed", "Steady"])
    #expect(scaler.log.messages("decision")[1].contains("denied"))
  }
}
