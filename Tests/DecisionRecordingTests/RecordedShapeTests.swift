import Autoscaling
import JSON
import Testing

@testable import DecisionRecording

@Suite("Every field of what is recorded is in the recording")
struct RecordedShapeTests {
  @Test("inputs")
  func inputs() throws {
    var generator = try RandomRecording(seed: 1)
    var shape = RecordedShape()
    for _ in 0..<100 {
      let input = try generator.input()
      shape.compare(input, input.recorded, "input")
    }
    #expect(shape.problems.isEmpty)
    #expect(shape.unseen.isEmpty, "RandomRecording makes none of these, so they were not compared")
  }

  @Test("policies")
  func policies() throws {
    var generator = try RandomRecording(seed: 2)
    var shape = RecordedShape()
    for _ in 0..<100 {
      let policy = try generator.policy()
      shape.compare(policy, policy.recorded, "policy")
    }
    #expect(shape.problems.isEmpty)
    #expect(shape.unseen.isEmpty, "RandomRecording makes none of these, so they were not compared")
  }

  @Test("explanations")
  func explanations() throws {
    var run = try RandomRun(seed: 3)
    var shape = RecordedShape()
    for _ in 0..<12 {
      run.begin("a", try run.generator.policy())
      for _ in 0..<30 {
        let record = try run.decide("a").explanation.record
        shape.compare(record, record.json, "explanation")
      }
    }
    #expect(shape.problems.isEmpty)
    #expect(shape.unseen.isEmpty, "RandomRun leads to none of these, so they were not compared")
  }

  /// The comparison itself: what it is for must not pass.
  @Test("a field that is not encoded, and one that is no field, are found")
  func findsProblems() throws {
    let source = QueueSource(name: "a", colony: "b")
    var shape = RecordedShape()
    shape.compare(source, ["name": "a", "colony": 7, "other": true], "source")
    #expect(
      shape.problems == [
        "source: QueueSource.serverGeneration is not encoded",
        "source: other is encoded, and no field of QueueSource",
        "source.colony: must be a text", "source.serverGeneration: is missing",
      ])
    var optional = RecordedShape()
    optional.compare(source, ["name": "a", "colony": "b", "serverGeneration": nil], "source")
    #expect(optional.problems.isEmpty)
    #expect(optional.unseen == ["source.serverGeneration"])
  }
}
