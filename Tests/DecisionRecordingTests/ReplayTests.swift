import Autoscaling
import JSON
import TestSupport
import Testing

@testable import DecisionRecording

@Suite("Replaying a recording")
struct ReplayTests {
  private let directory = TemporaryDirectory()

  private func replay(_ text: String) throws -> ReplayReport {
    try ReplayReport(replaying: directory.write(text, to: "recording"))
  }

  @Test(
    "a run of any scalers, with changed rules and restarts, gives no difference",
    arguments: 0..<8 as Range<UInt64>)
  func noDifference(seed: UInt64) throws {
    var run = try RandomRun(seed: seed)
    var decisions = 0
    for _ in 0..<2 {
      run.start()
      for name in ["a", "b"] { run.begin(name, try run.generator.policy()) }
      for _ in 0..<50 {
        let name = run.generator.random.element(of: ["a", "b"])
        if run.generator.random.chance(3) { run.change(name, try run.generator.policy()) }
        try run.decide(name)
        decisions += 1
      }
    }
    let report = try replay(run.text)
    #expect(report.summary.differences == 0, "seed \(seed): \(report.text)")
    #expect(report.summary.decisions == decisions)
    #expect(report.summary.programs.count == 2)
    #expect(report.summary.scalers == ["a", "b"])
    #expect(report.summary.reasons.values.reduce(0, +) == decisions)
  }

  @Test("a decision that was another one is told with its line, scaler and fields")
  func difference() throws {
    var run = try RandomRun(seed: 1)
    run.start()
    run.begin("a", try ScalingPolicy(max: 500))
    for _ in 0..<20 { try run.decide("a") }
    var lines = run.text.split(separator: "\n").map(String.init)
    let index = try #require(lines.lastIndex { $0.contains(#""reason":"ScaledUp""#) })
    lines[index] = lines[index].replacing(#""reason":"ScaledUp""#, with: #""reason":"Steady""#)
    let report = try replay(lines.joined(separator: "\n") + "\n")
    #expect(report.summary.differences == 1)
    let difference = try #require(report.differences.first)
    #expect(difference.line == index + 1)
    #expect(difference.scaler == "a")
    #expect(
      difference.fields == [.init(path: "reason", recorded: "Steady", replayed: "ScaledUp")])
    #expect(report.text.contains(#"line \#(index + 1): a: reason was "Steady", is now "ScaledUp""#))
  }

  @Test("a decision that is missing changes what follows from it")
  func missingDecision() throws {
    var run = try RandomRun(seed: 4)
    run.start()
    run.begin("a", try ScalingPolicy(max: 500, fallback: FallbackPolicy(afterFailures: 3, replicas: 5)))
    for _ in 0..<200 { try run.decide("a") }
    var lines = run.text.split(separator: "\n").map(String.init)
    lines.remove(at: 2)
    #expect(try replay(lines.joined(separator: "\n") + "\n").summary.differences > 0)
  }

  @Test("fields that are more or fewer than before are differences, too")
  func shapes() {
    let fields = ReplayDifference.Field.differences(
      recorded: ["a": [1, 2], "b": ["x": 1], "c": nil], replayed: ["a": [1], "b": ["x": 1, "y": 2], "c": 0])
    #expect(
      fields == [
        .init(path: "a[1]", recorded: 2, replayed: nil), .init(path: "b.y", recorded: nil, replayed: 2),
        .init(path: "c", recorded: .some(.null), replayed: 0),
      ])
  }

  @Test("only the first differences are kept, and all are counted")
  func manyDifferences() throws {
    var run = try RandomRun(seed: 1)
    run.start()
    run.begin("a", try ScalingPolicy(max: 500))
    for _ in 0..<150 { try run.decide("a") }
    let report = try replay(run.text.replacing(#""direction":""#, with: #""direction":"not "#))
    #expect(report.summary.differences == 150)
    #expect(report.differences.count == ReplayReport.differencesKept)
    #expect(report.text.contains("… and 50 more\n"))
    let json = try JSONValue(parsing: report.jsonText)
    #expect(json["differences"]?.int == 150)
    #expect(json["first"]?[0]?["line"]?.int == 3)
    #expect(json["first"]?[0]?["fields"]?[0]?["path"]?.string == "direction")
  }

  @Test("a last line that was cut off anywhere is left out, and that is said")
  func interrupted() throws {
    var run = try RandomRun(seed: 1)
    run.start()
    run.begin("a", try ScalingPolicy(max: 500))
    for _ in 0..<3 { try run.decide("a") }
    let text = run.text
    let last = try #require(text.dropLast().lastIndex(of: "\n"))
    for end in [text.index(after: last), text.index(last, offsetBy: 9), text.index(before: text.endIndex)] {
      let report = try replay(String(text[..<end]))
      let isCut = text[..<end].last != "\n"
      #expect(report.summary.decisions == 2)
      #expect(report.interruptedLine == (isCut ? 5 : nil))
      #expect(report.text.contains("line 5 has no end and was left out") == isCut)
    }
  }

  @Test("a line that cannot be understood is told with its file and number")
  func brokenLine() throws {
    var run = try RandomRun(seed: 1)
    run.start()
    run.begin("a", try ScalingPolicy(max: 500))
    let error = #expect(throws: ReplayReport.Failure.self) {
      try replay(run.text + #"{"entry":"decision"}"# + "\n")
    }
    #expect(error?.description == "\(directory.file("recording")):3: scaler: is missing")
  }

  @Test("a recording without a start, without rules, or with nothing in it is refused")
  func incomplete() throws {
    var run = try RandomRun(seed: 1)
    run.begin("a", try ScalingPolicy(max: 500))
    let file = directory.file("recording")
    #expect(throws: ReplayReport.Failure.empty(file: file)) { try replay("") }
    var error = #expect(throws: ReplayReport.Failure.self) { try replay(run.text) }
    #expect(error?.description == "\(file):1: entry: a recording begins with a start, and this is none")
    try run.decide("a")
    let decision = try #require(run.text.split(separator: "\n").last)
    run.start()
    let start = try #require(run.text.split(separator: "\n").last)
    error = #expect(throws: ReplayReport.Failure.self) { try replay("\(start)\n\(decision)\n") }
    #expect(error?.description == "\(file):2: scaler: a has no rules before this line")
    error = #expect(throws: ReplayReport.Failure.self) { try ReplayReport(replaying: "\(file)/none") }
    #expect(error?.description == "cannot read \(file)/none: Not a directory")
  }

  @Test("a restart forgets: rules that are kept need a scaler")
  func restart() throws {
    var run = try RandomRun(seed: 1)
    run.start()
    run.begin("a", try ScalingPolicy(max: 500))
    run.start()
    run.change("a", try ScalingPolicy(max: 5))
    let error = #expect(throws: ReplayReport.Failure.self) { try replay(run.text) }
    #expect(error?.description.hasSuffix(":4: scaler: a has no rules before this line") == true)
  }

  @Test("the limit that ended a recording is told")
  func limit() throws {
    var run = try RandomRun(seed: 1)
    run.start()
    let end = String(decoding: RecordingEntry.limitReached(65_536).line, as: UTF8.self)
    let report = try replay(run.text + end)
    #expect(report.text.contains("the recording ended at its limit of 65536 bytes"))
    #expect(try JSONValue(parsing: report.jsonText)["limitReached"]?.int == 65_536)
  }
}
