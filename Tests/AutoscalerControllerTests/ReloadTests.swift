import Autoscaling
import JSON
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Changes of the configuration", .timeLimit(.minutes(10)))
struct ReloadTests {
  private let folder = TemporaryDirectory()

  private func write(_ scalers: String...) -> ConfigurationFile {
    let text = """
      servers: {local: {host: localhost, port: 50080, deadline: 5s}}
      scalers:
      \(scalers.map { "  - \($0)" }.joined(separator: "\n"))
      """
    return ConfigurationFile(path: folder.write(text, to: "config.yaml"))
  }

  private func scaler(_ name: String, max: Int, command: String = "w") -> String {
    """
    {name: \(name), colony: {name: dev}, credentials: {environment: KEY}, executorType: t, max: \(max), \
    pollInterval: 1s, target: {kind: LocalProcesses, command: [\(command)]}}
    """
  }

  private func reload(_ harness: Harness, times: Int) async throws {
    while harness.log.lines("configurationApplied").count < times {
      try await harness.clock.pass(.milliseconds(1) ... .seconds(1))
    }
  }

  @Test("other rules are followed without ending anything")
  func rules() async throws {
    let harness = Harness(["dev": FakeQueueReader(waiting: 9)])
    let file = write(scaler("a", max: 4))
    try await harness.run(try file.load(), file: file) {
      try await harness.decision("a", waiting: 9)
      _ = write(scaler("a", max: 6))
      try await reload(harness, times: 1)
      try await harness.log.line("decision") { $0["desired"] == 6 }
      #expect(harness.targets("a").map(\.sets) == [[4, 6]])
      #expect(harness.target("a")?.isEnding == false)
    }
  }

  @Test("another target replaces the old one after that has ended; scalers come and go")
  func targets() async throws {
    let harness = Harness(["dev": FakeQueueReader(waiting: 2)])
    let file = write(scaler("a", max: 4), scaler("b", max: 4))
    try await harness.run(try file.load(), file: file) {
      for name in ["a", "b"] { try await harness.decision(name, waiting: 2) }
      _ = write(scaler("a", max: 4, command: "other"), scaler("c", max: 1))
      try await reload(harness, times: 1)
      try await harness.decision("c", waiting: 2)
      while harness.target("a")?.sets != [2] {
        try await harness.clock.pass(.milliseconds(1) ... .seconds(1))
      }
      #expect(harness.targets("a").map(\.isEnding) == [true, false])
      #expect(harness.target("b")?.isEnding == true)
      #expect(harness.target("c")?.sets == [1])
    }
  }

  @Test("a bad edit is told with its place, and the last good configuration stays in force")
  func badEdit() async throws {
    let harness = Harness(["dev": FakeQueueReader(waiting: 9)])
    let file = write(scaler("a", max: 4))
    try await harness.run(try file.load(), file: file) {
      try await harness.decision("a", waiting: 9)
      _ = write(scaler("a", max: -7))
      while harness.log.lines("configurationRefused").isEmpty {
        try await harness.clock.pass(.milliseconds(1) ... .seconds(1))
      }
      let refused = harness.log.lines("configurationRefused").first
      let problem = "\(file.path):3:91: scalers[0].max: must be from 0 to 1000000, got -7"
      #expect(refused?["level"] == "error")
      #expect(refused?["metadata"]?["problems"] == [.string(problem)])
      #expect(
        refused?["message"]?.string
          == "configuration refused, the last good one stays in force: \(problem)")
      #expect(harness.target("a")?.isEnding == false)
    }
  }
}
