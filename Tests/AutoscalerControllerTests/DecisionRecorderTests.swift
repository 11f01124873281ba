import Autoscaling
import DecisionRecording
import Files
import JSON
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Recording decisions", .timeLimit(.minutes(10)))
struct DecisionRecorderTests {
  private let folder = TemporaryDirectory()
  private let log = TestLog()
  private var path: String { folder.file("recording") }

  private func recorder(limit: Int = 1 << 20) throws -> DecisionRecorder {
    try DecisionRecorder(path: path, limit: limit, program: "test 1", logger: log.logger)
  }

  /// A recorder, once the file is free: a part of a controller that has ended may hold the one before for a moment.
  private func nextRecorder() async throws -> DecisionRecorder {
    while true {
      do {
        return try recorder()
      } catch DecisionRecorder.Failure.unusable(_, "another program records into it") {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  private var entries: [RecordingEntry] {
    get throws {
      try #require(folder.read("recording")).split(separator: "\n").map { try RecordingEntry(line: $0.utf8) }
    }
  }

  private func decide(_ scaler: inout ScalerRecorder, policy: ScalingPolicy, at seconds: Int) {
    let input = ScalingInput(observation: .pending, currentReplicas: 0)
    let now = ScalingInstant(offset: .seconds(seconds))
    var state = ScalerState()
    scaler.record(policy.decide(input, state: &state, now: now), input, policy: policy, at: now)
  }

  @Test("a controller's run can be replayed, through conflicts, changed rules and restarts")
  func run() async throws {
    for _ in 1...2 {
      let recorder = try await nextRecorder()
      let queue = FakeQueueReader(waiting: 3)
      let harness = Harness(["dev": queue])
      let file = ConfigurationFile(path: folder.write(configuration(max: 4), to: "config.yaml"))
      try await harness.run(try file.load(), file: file, recorder: recorder) {
        try await harness.decision("a", waiting: 3)
        harness.target("a")?.fail(with: [
          TargetError(.conflict, "changed"), TargetError(.conflict, "changed"),
        ])
        await queue.answer(waiting: 9)
        try await harness.poll()
        try await harness.decision("a", waiting: 9)
        await queue.answer(.failure("no answer"))
        try await harness.poll()
        try await harness.log.line("decision") { $0["reason"] == "ReadingFailed" }
        folder.write(configuration(max: 6), to: "config.yaml")
        await queue.answer(waiting: 9)
        while harness.target("a")?.sets.last != 6 {
          try await harness.clock.pass(.milliseconds(1) ... .seconds(1))
        }
      }
    }
    let report = try ReplayReport(replaying: path)
    #expect(report.summary.differences == 0, "\(report.text)")
    #expect(report.summary.programs == ["test 1", "test 1"])
    #expect(report.summary.policyChanges == 2)
    // The decisions that conflicts undid are there, too.
    #expect(report.summary.reasons[.scaledUp, default: 0] >= 10)
    #expect(report.summary.reasons[.readingFailed, default: 0] >= 2)
  }

  private func configuration(max: Int) -> String {
    """
    servers: {local: {host: localhost, port: 50080, deadline: 5s}}
    scalers:
      - {name: a, colony: {name: dev}, credentials: {environment: KEY}, executorType: t, max: \(max),
         pollInterval: 1s, target: {kind: LocalProcesses, command: [w]}}
    """
  }

  @Test("rules are written when a scaler begins and when they change")
  func rules() throws {
    let recorder = try recorder()
    var scaler = ScalerRecorder(recorder, scaler: "a")
    let policies = [try ScalingPolicy(max: 1), try ScalingPolicy(max: 2)]
    for (second, policy) in [policies[0], policies[0], policies[1]].enumerated() {
      decide(&scaler, policy: policy, at: second)
    }
    let kinds = try entries.map { entry in
      switch entry {
      case .start: "start"
      case .rules(let rules): "\(rules.state) \(rules.policy.max)"
      case .decision(let decision): "\(decision.scaler) \(decision.at.offset)"
      case .limitReached: "limit"
      }
    }
    #expect(kinds == ["start", "new 1", "a 0.0 seconds", "a 1.0 seconds", "kept 2", "a 2.0 seconds"])
  }

  @Test("a recording ends before it is larger than its limit, and says so there and in the log")
  func limit() throws {
    let recorder = try recorder(limit: 10_000)
    var scaler = ScalerRecorder(recorder, scaler: "a")
    let policy = try ScalingPolicy(max: 1)
    for second in 1...100 { decide(&scaler, policy: policy, at: second) }
    let size = try #require(folder.read("recording")).utf8.count
    #expect((8_000...10_000).contains(size))
    #expect(try entries.last == .limitReached(10_000))
    #expect(try ReplayReport(replaying: path).summary.limitReached == 10_000)
    #expect(log.messages("recordingEnded") == ["the recording has reached its limit of 10000 bytes and ends"])
    // A program that starts again goes on without a recording: scaling is worth more.
    scaler = ScalerRecorder(try self.recorder(limit: 10_000), scaler: "a")
    for second in 1...100 { decide(&scaler, policy: policy, at: second) }
    #expect(log.messages("recordingEnded").count == 2)
    #expect(try #require(folder.read("recording")).utf8.count <= 10_000)
    #expect(try ReplayReport(replaying: path).summary.differences == 0)
  }

  @Test("a line that was cut off by the end of a program is removed by the next one")
  func interrupted() throws {
    do {
      var scaler = ScalerRecorder(try recorder(), scaler: "a")
      decide(&scaler, policy: try ScalingPolicy(max: 1), at: 1)
    }
    let text = try #require(folder.read("recording"))
    folder.write(String(text.dropLast(30)), to: "recording")
    do {
      var scaler = ScalerRecorder(try recorder(), scaler: "a")
      decide(&scaler, policy: try ScalingPolicy(max: 1), at: 1)
    }
    let report = try ReplayReport(replaying: path)
    #expect(report.interruptedLine == nil)
    #expect(report.summary.decisions == 1)
    #expect(report.summary.programs.count == 2)
  }

  @Test(
    "a file that is something else is left alone",
    arguments: [
      ("servers: {}\n", "is no JSON: invalid character 's' looking for beginning of value at byte 0"),
      ("{\"entry\":\"limitReached\",\"limit\":1}\n", "entry: the first line is no start"),
      ("half a line", "is no JSON: invalid character 'h' looking for beginning of value at byte 0"),
    ])
  func somethingElse(text: String, reason: String) throws {
    folder.write(text, to: "recording")
    let error = #expect(throws: DecisionRecorder.Failure.self) { try recorder() }
    #expect(error?.description == "will not record into \(path), which is no recording: \(reason)")
    #expect(folder.read("recording") == text)
  }

  @Test("two programs do not record into one file, nor into what is no file")
  func unusable() throws {
    let first = try recorder()
    var error = #expect(throws: DecisionRecorder.Failure.self) { try recorder() }
    #expect(error?.description == "cannot record into \(path): another program records into it")
    #expect(first.isOpen)
    error = #expect(throws: DecisionRecorder.Failure.self) {
      try DecisionRecorder(path: folder.path, limit: 1 << 20, program: "p", logger: log.logger)
    }
    #expect(error?.description == "cannot record into \(folder.path): Is a directory")
  }
}
