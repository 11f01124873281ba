import Colonies
import TestSupport
@testable import ColoniesCLI
import JSON
import Testing

/// Types the recorded commands of commit 403968a5 again, against a server that answers what the recorded
/// server answered. Numbers are entries of the recording.
@Suite("Commands of the recording 403968a5", .timeLimit(.minutes(10)))
struct TranscriptTests {
  private static let transcript = Transcript.seed
  private static let allKeys = [TestKeys.server, TestKeys.colony, TestKeys.cli, TestKeys.fibonacci]

  /// An entry, and what the server answers to its commands.
  struct Case: Sendable, CustomTestStringConvertible {
    let index: Int
    let answers: [MessageType: FakeServer.Answer]
    var testDescription: String {
      "#\(index) " + transcript.entries[index].arguments.dropFirst().prefix(3).joined(separator: " ")
    }
  }

  private static let first = "c34b6cced19a850619a313f4a2a5fa67c9706c02577382aab02762de5ec19d79"
  private static let second = "fef7e84bff038863e4642859150cbb33a1602b894d2347c6b1d5d83acddb4c82"

  /// The first process at its end, from entry 60.
  private static func firstProcess(_ state: ProcessState) throws -> Process {
    var process = try Process(JSONReader(try transcript.json(60), structure: "Process"), api: .runtime)
    process.state = state
    if state == .waiting {
      process.isAssigned = false
      process.assignedExecutorID = ""
      process.startTime = nil
    }
    if state != .successful {
      process.endTime = nil
      process.attributes.removeLast()
    }
    return process
  }

  /// The second process while it waits, from entry 44.
  private static func secondProcess() throws -> Process {
    let reader = try JSONReader(try transcript.json(44)[0] ?? .null, structure: "Process")
    return try Process(reader, api: .runtime)
  }

  private static func list(_ processes: @escaping @Sendable () throws -> [Process]) -> FakeServer.Answer {
    { _ in .nullIfEmpty(try processes().map { $0.json(.runtime) }) }
  }

  private static func get(_ state: ProcessState) -> Case.Answers {
    [.getProcess: { _ in try firstProcess(state).json(.runtime) }]
  }

  private static func status(_ counts: [String: JSONValue], running: Bool = false) -> Case.Answers {
    [
      .getProcessStatistics: { _ in .object(JSONObject(sorted: counts)) },
      .getRuntimes: { _ in try transcript.json(66) },
      .getProcesses: list { running ? [try firstProcess(.running)] : [] },
    ]
  }

  private static let done: FakeServer.Answer = { _ in [:] }

  static let cases: [Case] = [
    Case(index: 14, answers: [:]),
    Case(index: 23, answers: [.getColonies: { _ in try transcript.json(24) }]),
    Case(index: 24, answers: [.getColonies: { _ in try transcript.json(24) }]),
    Case(index: 30, answers: [.approveRuntime: done]),
    Case(index: 31, answers: [.approveRuntime: done]),
    Case(index: 33, answers: [.getProcesses: list { [] }]),
    Case(index: 34, answers: [.getProcesses: list { [] }]),
    Case(index: 35, answers: [.getProcesses: list { [] }]),
    Case(index: 36, answers: [.getProcesses: list { [] }]),
    Case(index: 42, answers: [.getProcesses: list { [try secondProcess(), try firstProcess(.waiting)] }]),
    Case(index: 45, answers: get(.waiting)),
    Case(
      index: 48, answers: status(["waiting": 2, "running": 0, "success": 0, "failed": 0])),
    Case(index: 49, answers: [.assignProcess: { _ in try firstProcess(.running).json(.runtime) }]),
    Case(index: 50, answers: [.getProcesses: list { [try firstProcess(.running)] }]),
    Case(
      index: 51, answers: status(["waiting": 1, "running": 1, "success": 0, "failed": 0], running: true)),
    Case(index: 52, answers: get(.running)),
    Case(index: 54, answers: [.addAttribute: { $0.message["attribute"] ?? .null }]),
    Case(
      index: 55,
      answers: [.getAttribute: { _ in try firstProcess(.successful).attributes[1].json(.runtime) }]),
    Case(index: 57, answers: [.closeSuccessful: done]),
    Case(index: 58, answers: [.getProcesses: list { [try firstProcess(.successful)] }]),
    Case(index: 59, answers: get(.successful)),
    Case(
      index: 61,
      answers: [.assignProcess: { _ in try secondProcess().json(.runtime) }]),
    Case(index: 62, answers: [.closeFailed: done]),
    Case(
      index: 63,
      answers: [
        .getProcesses: list {
          var process = try secondProcess()
          process.endTime = try Timestamp.parse("2026-11-22T15:50:23.9Z")
          return [process]
        }
      ]),
    Case(index: 64, answers: status(["waiting": 0, "running": 0, "success": 1, "failed": 1])),
    Case(index: 65, answers: [.getRuntimes: { _ in try transcript.json(66) }]),
    Case(index: 67, answers: [.deleteProcess: done]),
    Case(index: 70, answers: [.rejectRuntime: done]),
    Case(index: 71, answers: [.deleteRuntime: done]),
    Case(index: 73, answers: [.getColonies: { _ in try transcript.json(24) }, .deleteColony: done]),
    Case(index: 74, answers: [.getColonies: { _ in .null }]),
  ]

  @Test("prints the same bytes", arguments: cases)
  func sameBytes(_ test: Case) async throws {
    let entry = Self.transcript.entries[test.index]
    let run = try await Self.type(entry, test.answers)
    #expect(run.output == Self.expected(entry, test.index))
    #expect(run.errors == "")
    #expect(run.exitCode == 0)
  }

  /// What the entry printed; the key of entry 14 is one of those that are replaced.
  private static func expected(_ entry: Transcript.Entry, _ index: Int) -> String {
    index == 14 ? TestKeys.server.hexadecimal + "\n" : entry.output
  }

  private static func type(_ entry: Transcript.Entry, _ answers: Case.Answers) async throws -> CommandRun {
    // The runtime API refuses the message that asks for the version.
    try await CommandRun(
      Array(entry.arguments.dropFirst()), environment: entry.environment, keys: allKeys,
      server: FakeServer(answers))
  }

  @Test("deleteall, which the program had three weeks later, prints the same bytes (bb36c372, 69)")
  func deleteAll() async throws {
    let entry = Transcript.later.entries[69]
    let run = try await Self.type(entry, [.deleteAllProcesses: Self.done])
    #expect(run.output == entry.output)
    #expect(run.exitCode == 0)
  }

  @Test("an empty queue prints the same bytes; the exit code tells it from success (37)")
  func nothingAssigned() async throws {
    let entry = Self.transcript.entries[37]
    let run = try await Self.type(
      entry,
      [.assignProcess: { _ in throw Refusal(status: 400, message: "No processes can be selected") }])
    #expect(run.output == entry.output)
    #expect(run.exitCode == 3)
  }

  @Test("--json prints the recorded JSON and nothing else", arguments: [44, 60, 66])
  func json(_ index: Int) async throws {
    let entry = Self.transcript.entries[index]
    let run = try await Self.type(
      entry,
      [
        .getProcesses: { _ in try Self.transcript.json(44) },
        .getProcess: { _ in try Self.transcript.json(60) },
        .getRuntimes: { _ in try Self.transcript.json(66) },
      ])
    #expect(run.exitCode == 0)
    // Later servers have more fields; none of the recorded ones may be missing or different.
    let printed = try JSONValue(parsing: run.output)
    #expect(try Self.transcript.json(index).isPart(of: printed))
    #expect(run.output.hasSuffix(index == 60 ? "\n}\n" : "\n]\n"))
    #expect(run.output.split(separator: "\n")[1].hasPrefix("    "))
  }

  /// Recorded failures: what the server answered, and what is told.
  static let failures: [(Int, MessageType, Refusal, String)] = [
    (32, .approveRuntime, Refusal(status: 500, message: "runtime is nil"), "Runtime not found"),
    (
      43, .getProcesses, Refusal(status: 400, message: "Count is larger than MaxCount limit <100>"),
      "Count is larger than MaxCount limit <100>"
    ),
    (46, .getProcess, Refusal(status: 500, message: "process is nil"), "Process not found"),
    (
      47, .closeSuccessful, Refusal(status: 403, message: "not allowed to close process as successful"),
      "not allowed to close process as successful"
    ),
    (
      53, .addAttribute,
      Refusal(status: 403, message: "only runtime with id <> is allowed to set attributes"),
      "--runtimeid names it"
    ),
    (56, .getAttribute, Refusal(status: 500, message: "attribute is nil"), "Attribute not found"),
    (68, .deleteProcess, Refusal(status: 500, message: "process is nil"), "Process not found"),
    (72, .deleteRuntime, Refusal(status: 500, message: "runtime is nil"), "Runtime not found"),
  ]

  @Test("failures are told on the standard error with exit code 1", arguments: failures)
  func failure(index: Int, type: MessageType, refusal: Refusal, words: String) async throws {
    let entry = Self.transcript.entries[index]
    let run = try await Self.type(entry, [type: { _ in throw refusal }])
    #expect(entry.exitCode == 255)
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("Error: "))
    #expect(run.errors.contains(words))
  }

  @Test("registering prints the id of a key that is in the keychain (22, 26)")
  func register() async throws {
    let home = TemporaryDirectory()
    let spec = try home.write(#"{"name": "kubernetes_colony"}"#, "colony.json")
    let server = FakeServer([.addColony: { $0.message["colony"] ?? .null }])
    let run = try await CommandRun(
      ["colony", "register", "--spec", spec], environment: Self.transcript.entries[22].environment,
      keys: [TestKeys.server], server: server, home: home)
    #expect(run.exitCode == 0)
    let id = String(run.output.dropLast())
    #expect(server.asked.last?.message["colony"] == ["colonyid": .string(id), "name": "kubernetes_colony"])
    #expect(server.asked.last?.signer == TestKeys.server.id)
    let key = try await CommandRun(["keychain", "get", "--id", id], home: home)
    #expect(try PrivateKey(hexadecimal: String(key.output.dropLast())).id == id)
  }
}

extension TranscriptTests.Case {
  typealias Answers = [MessageType: FakeServer.Answer]
}

extension JSONValue {
  /// Whether every member is in the other value, too.
  fileprivate func isPart(of other: JSONValue) -> Bool {
    switch (self, other) {
    case (.object(let part), .object(let whole)):
      part.members.allSatisfy { member in whole[member.key].map(member.value.isPart) ?? false }
    case (.array(let part), .array(let whole)):
      part.count == whole.count && zip(part, whole).allSatisfy { $0.isPart(of: $1) }
    default: self == other
    }
  }
}
