import Colonies
import TestSupport
@testable import ColoniesCLI
import Glibc
import JSON
import Locking
import Testing

@Suite("Submitting and reading processes", .timeLimit(.minutes(10)))
struct ProcessCommandTests {
  private static let environment = [
    "RUNTIMEPRVKEY": TestKeys.cli.hexadecimal, "COLONYID": TestKeys.colony.id,
  ]
  private static let id = String(repeating: "a", count: 64)

  private static func process(
    _ state: ProcessState, id: String = id, attributes: [(Attribute.Kind, String, String)] = []
  ) -> Process {
    Process(
      id: id, spec: ProcessSpec(conditions: ProcessSpec.Conditions(executorType: "fibonacci")), state: state,
      attributes: attributes.map {
        Attribute(id: Self.id, processID: id, kind: $0.0, key: $0.1, value: $0.2)
      })
  }

  private static func run(
    _ arguments: [String], _ server: FakeServer, home: TemporaryDirectory = TemporaryDirectory(),
    outputIsTerminal: Bool = false, errorIsTerminal: Bool = false
  ) async throws -> CommandRun {
    try await CommandRun(
      ["process"] + arguments, environment: environment, server: server, home: home,
      outputIsTerminal: outputIsTerminal, errorIsTerminal: errorIsTerminal)
  }

  private static func spec(_ home: TemporaryDirectory) throws -> String {
    try home.write(#"{"conditions": {"runtimetype": "fibonacci"}}"#, "process.json")
  }

  /// A server that takes every process and gives it a number for an id.
  private static func counting(failingAfter limit: Int = .max) -> FakeServer {
    let count = Locked(0)
    return FakeServer([
      .submitProcessSpec: { _ in
        let number = count.withLock { value in
          value += 1
          return value
        }
        if number > limit { throw Refusal(status: 500, message: "the disk is full") }
        let digits = String(number)
        return process(.waiting, id: String(repeating: "0", count: 64 - digits.count) + digits).json(.runtime)
      }
    ])
  }

  @Test("submit prints the id and nothing else")
  func submit() async throws {
    let home = TemporaryDirectory()
    let server = Self.counting()
    let run = try await Self.run(["submit", "--spec", try Self.spec(home)], server, home: home)
    #expect(run.exitCode == 0)
    #expect(run.output == String(repeating: "0", count: 63) + "1\n")
    #expect(run.errors == "")
    #expect(server.asked.last?.signer == TestKeys.cli.id)
    #expect(server.asked.last?.message["spec"]?["conditions"]?["colonyid"] == .string(TestKeys.colony.id))
  }

  @Test("--repeat submits each spec so often, with progress for a person who reads only that")
  func repeated() async throws {
    let home = TemporaryDirectory()
    let spec = try Self.spec(home)
    let arguments = ["submit", "--spec", spec, "--spec", spec, "--repeat", "60"]
    let run = try await Self.run(arguments, Self.counting(), home: home, errorIsTerminal: true)
    #expect(run.exitCode == 0)
    #expect(Set(run.output.split(separator: "\n")).count == 120)
    #expect(run.errors.contains("110 of 120 submitted"))
    let quiet = try await Self.run(arguments, Self.counting(), home: home)
    #expect(quiet.errors == "")
  }

  @Test("a failure in the middle says how far it came")
  func partly() async throws {
    let home = TemporaryDirectory()
    let run = try await Self.run(
      ["submit", "--spec", try Self.spec(home), "--repeat", "40"], Self.counting(failingAfter: 20), home: home
    )
    #expect(run.exitCode == 1)
    let printed = run.output.split(separator: "\n").count
    #expect(run.errors.contains("submitted \(printed) of 40, then: "))
    #expect(run.errors.contains("the disk is full"))
  }

  @Test("nothing is submitted when one of the files is wrong")
  func allOrNothing() async throws {
    let home = TemporaryDirectory()
    let server = Self.counting()
    let run = try await Self.run(
      ["submit", "--spec", try Self.spec(home), "--spec", try home.write("{}", "bad.json")], server,
      home: home)
    #expect(run.exitCode == 1)
    #expect(server.asked.isEmpty)
  }

  @Test("--wait polls with growing pauses and prints the result")
  func wait() async throws {
    let home = TemporaryDirectory()
    let looks = Locked(0)
    let server = FakeServer([
      .submitProcessSpec: { _ in Self.process(.waiting).json(.runtime) },
      .getProcess: { _ in
        let look = looks.withLock { value in
          value += 1
          return value
        }
        if look == 3 { throw Refusal(status: 500, message: "starting") }
        if look == 5 { throw Refusal(status: 429, message: "too many requests") }
        let state: ProcessState = look < 20 ? .running : .successful
        return Self.process(state, attributes: [(.output, "result", "55")]).json(.runtime)
      },
    ])
    let run = try await Self.run(["submit", "--spec", try Self.spec(home), "--wait"], server, home: home)
    #expect(run.exitCode == 0)
    #expect(run.output == "55\n")
    #expect(run.errors.hasPrefix(Self.id + "\n"))
    #expect(run.errors.contains("still waiting"))
    #expect(run.pauses.count == 19)
    #expect(run.pauses == run.pauses.sorted())
    #expect(run.pauses.last == .seconds(2))
  }

  @Test("a server that wants fewer requests is said to want that, with exit code 1")
  func tooManyRequests() async throws {
    let home = TemporaryDirectory()
    let server = FakeServer([
      .submitProcessSpec: { _ in throw Refusal(status: 429, message: "Too many requests") }
    ])
    let run = try await Self.run(["submit", "--spec", try Self.spec(home)], server, home: home)
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("Too many requests") && run.errors.contains("try again in a moment"))
  }

  @Test("--wait tells why a process failed, with exit code 1")
  func waitFailed() async throws {
    let home = TemporaryDirectory()
    let server = FakeServer([
      .submitProcessSpec: { _ in Self.process(.waiting).json(.runtime) },
      .getProcess: { _ in
        Self.process(.failed, attributes: [(.error, "error", "fibonacciNum\u{1b} is not a number")]).json(
          .runtime)
      },
    ])
    let run = try await Self.run(["submit", "--spec", try Self.spec(home), "--wait"], server, home: home)
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.contains(#"fibonacciNum\u{1B} is not a number"#), "a worker cannot steer the terminal")
  }

  private static func get(_ arguments: [String], _ process: Process) async throws -> CommandRun {
    try await run(
      ["get", "--processid", id] + arguments, FakeServer([.getProcess: { _ in process.json(.runtime) }]))
  }

  @Test("long values are abridged in tables, and whole where they are asked for")
  func longValues() async throws {
    let digits = String(repeating: "1234567890", count: 200)
    let process = Self.process(.successful, attributes: [(.output, "result", digits)])
    let table = try await Self.get([], process)
    #expect(table.output.contains(digits.prefix(60) + "…" + digits.suffix(20)))
    #expect(table.output.contains("(2000 characters)"))
    #expect(!table.output.contains(digits))
    let widths = Set(table.output.split(separator: "\n").suffix(5).filter { $0.first != "A" }.map(\.count))
    #expect(widths.count == 1)
    #expect(try await Self.get(["--full"], process).output.contains(digits))
    for flag in ["--result", "--output-only"] {
      #expect(try await Self.get([flag], process).output == digits + "\n")
    }
    #expect(try await Self.get(["--json"], process).output.contains(digits))
  }

  @Test("a thousand characters are still shown whole")
  func notLong() async throws {
    let digits = String(repeating: "5", count: 1000)
    let run = try await Self.get([], Self.process(.successful, attributes: [(.output, "result", digits)]))
    #expect(run.output.contains(digits))
  }

  @Test(
    "--result of a process without one is a failure that says why",
    arguments: [
      (ProcessState.waiting, "it is waiting"), (.running, "it is running"), (.successful, "without a result"),
      (.failed, "failed: out of memory"),
    ])
  func noResult(state: ProcessState, words: String) async throws {
    let process = Self.process(
      state, attributes: state == .failed ? [(.error, "error", "out of memory")] : [])
    let run = try await Self.get(["--result"], process)
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.contains(words))
  }

  @Test("the tutorial's id, which lacks a digit, is told as such")
  func shortID() async throws {
    let run = try await Self.run(["get", "--processid", String(Self.id.dropFirst())], FakeServer([:]))
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("it has 63 characters"))
  }

  @Test("the colony's owner reads where the runtime may not yet")
  func fallback() async throws {
    let server = FakeServer([
      .getProcesses: { asked in
        guard asked.signer == TestKeys.colony.id else {
          throw Refusal(status: 403, message: "RecoveredID does not match Colony Id")
        }
        return .null
      }
    ])
    let owner = Self.environment.merging(["COLONYPRVKEY": TestKeys.colony.hexadecimal]) { $1 }
    let run = try await CommandRun(["process", "psw"], environment: owner, server: server)
    #expect(run.output == "No waiting processes found\n")
    #expect(server.asked.map(\.signer) == [TestKeys.cli.id, TestKeys.colony.id])
    let denied = try await Self.run(["psw"], server)
    #expect(denied.exitCode == 1)
    #expect(denied.errors.contains("RecoveredID does not match Colony Id"))
    #expect(denied.errors.contains("colonies runtime approve"))
  }

  @Test("times are shown in the user's zone, or in UTC")
  func zones() async throws {
    var process = Self.process(.waiting)
    process.submissionTime = try Timestamp.parse("2022-02-02T13:37:36.5Z")
    let json = process.json(.runtime)
    for (arguments, time) in [([], "2022-02-02 14:37:36"), (["--utc"], "2022-02-02 13:37:36")] {
      let run = try await CommandRun(
        ["process", "psw"] + arguments, environment: Self.environment,
        server: FakeServer([.getProcesses: { _ in [json] }]), zone: DisplayZone { _ in 3600 })
      #expect(run.output.contains("| \(Self.id) | \(time) |"))
    }
  }

  @Test("the local zone is TZ's, with its summer time")
  func localZone() async {
    await #expect(processExitsWith: .success) {
      setenv("TZ", "Europe/Stockholm", 1)
      let winter = try #require(try Timestamp.parse("2022-02-02T13:37:36Z"))
      let summer = try #require(try Timestamp.parse("2022-07-02T13:37:36Z"))
      try #require(DisplayZone.local.text(winter) == "2022-02-02 14:37:36")
      try #require(DisplayZone.local.text(summer) == "2022-07-02 15:37:36")
      try #require(DisplayZone.local.text(nil) == "0001-01-01 00:00:00")
    }
  }

  @Test(
    "mistakes in the arguments have exit code 64 and do nothing",
    arguments: [
      ["submit"], ["submit", "--spec", "-", "--spec", "-"], ["submit", "--spec", "x", "--repeat", "0"],
      ["psw", "--count", "0"], ["psw", "--nosuch"], ["get"], ["nosuch"],
      ["get", "-p", "x", "--result", "--json"],
    ])
  func usage(_ arguments: [String]) async throws {
    let server = FakeServer([:])
    let run = try await Self.run(arguments, server)
    #expect(run.exitCode == 64)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("Error: "))
    #expect(server.asked.isEmpty)
  }

  @Test(
    "help goes to the standard output and has examples",
    arguments: [
      "submit", "psw", "ps", "pss", "psf", "psc", "get", "assign", "close", "fail", "cancel", "delete",
      "deleteall",
    ])
  func help(_ command: String) async throws {
    let run = try await Self.run([command, "--help"], FakeServer([:]))
    #expect(run.exitCode == 0)
    #expect(run.output.contains("  colonies process \(command)"))
    #expect(run.errors == "")
  }
}
