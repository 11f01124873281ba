import Autoscaling
import KubernetesClient
import Testing

@testable import AutoscalerController

@Suite("What is worth an Event")
struct DecisionNotesTests {
  /// A scaler that decides once a second, with a target that does what it is told.
  private struct Scaler {
    let policy: ScalingPolicy
    var state = ScalerState()
    var notes = DecisionNotes()
    var replicas = 0
    var now = ScalingInstant.origin
    var told: [DecisionNote] = []

    init() throws { policy = try ScalingPolicy(max: 4, idleFor: .seconds(10)) }

    mutating func decide(_ observation: QueueObservation, pause: ScalingPause? = nil) {
      let decision = policy.decide(
        ScalingInput(observation: observation, currentReplicas: replicas, pause: pause), state: &state,
        now: now)
      replicas = decision.replicas
      if let note = notes.note(decision.explanation) { told.append(note) }
      now = now.advanced(by: .seconds(1))
    }

    mutating func read(_ waiting: Int, times: Int = 1, pause: ScalingPause? = nil) throws {
      for _ in 0..<times {
        let reading = try QueueReading(
          waiting: waiting, running: 0, observedAt: now, source: QueueSource(name: "q", colony: "c"))
        decide(.reading(reading), pause: pause)
      }
    }
  }

  @Test("changes are told each, an idle hour not at all")
  func changes() throws {
    var scaler = try Scaler()
    try scaler.read(0, times: 3_600)
    #expect(scaler.told.isEmpty)
    try scaler.read(1)
    try scaler.read(2)
    try scaler.read(3)
    #expect(scaler.told.map(\.reason) == ["ScaledUp", "ScaledUp", "ScaledUp"])
    #expect(scaler.told.allSatisfy { $0.isChange && $0.severity == .normal })
  }

  @Test(
    "reasons why nothing changes are told once, at most one a minute, and the newest when its time has come")
  func holds() throws {
    var scaler = try Scaler()
    try scaler.read(9, times: 30)
    #expect(scaler.told.map(\.reason) == ["ScaledUp", "AtMaximum"])
    let paused = ScalingPause(.otherAutoscaler, cause: "HorizontalPodAutoscaler a/b")
    try scaler.read(9, times: 20, pause: paused)
    #expect(scaler.told.count == 2, "the minute is not over")
    try scaler.read(9, times: 20, pause: paused)
    #expect(scaler.told.map(\.reason) == ["ScaledUp", "AtMaximum", "OwnedByOther"])
    #expect(scaler.told.last?.severity == .warning)
    #expect(scaler.told.last?.message.contains("HorizontalPodAutoscaler a/b") == true)
    try scaler.read(9, times: 600, pause: paused)
    #expect(scaler.told.count == 3)
  }

  @Test("failures of the target are told like holds; losing an election is nobody's failure")
  func failures() {
    var notes = DecisionNotes()
    let denied = TargetError(.denied, "may not")
    #expect(notes.note(denied, at: .origin)?.reason == "TargetDenied")
    #expect(notes.note(denied, at: ScalingInstant(offset: .seconds(300))) == nil)
    #expect(notes.note(TargetError(.notFound, "gone"), at: ScalingInstant(offset: .seconds(30))) == nil)
    #expect(
      notes.note(TargetError(.notFound, "gone"), at: ScalingInstant(offset: .seconds(60)))
        == DecisionNote(severity: .warning, reason: "TargetNotFound", message: "gone", isChange: false))
    #expect(notes.note(TargetError(.notLeading, "no"), at: ScalingInstant(offset: .seconds(999))) == nil)
  }
}
