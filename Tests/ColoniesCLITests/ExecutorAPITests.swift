import Colonies
import TestSupport
@testable import ColoniesCLI
import JSON
import Testing

/// The commands of 2022 against a server that has only the executor API.
@Suite("Executor API", .timeLimit(.minutes(10)))
struct ExecutorAPITests {
  private static let environment = [
    "COLONIES_PRVKEY": TestKeys.cli.hexadecimal, "COLONIES_COLONY_PRVKEY": TestKeys.colony.hexadecimal,
    "COLONIES_SERVER_PRVKEY": TestKeys.server.hexadecimal, "COLONIES_COLONY_NAME": "dev",
  ]
  private static let id = String(repeating: "b", count: 64)

  private static func process(_ state: ProcessState, output: [JSONValue] = [], errors: [String] = [])
    -> Process
  {
    Process(
      id: id,
      spec: ProcessSpec(conditions: ProcessSpec.Conditions(colonyName: "dev", executorType: "fibonacci")),
      state: state, assignedExecutorID: TestKeys.fibonacci.id, output: output, errors: errors)
  }

  private static func run(
    _ arguments: [String], _ server: FakeServer, home: TemporaryDirectory = TemporaryDirectory()
  )
    async throws -> CommandRun
  {
    try await CommandRun(arguments, environment: environment, server: server, home: home)
  }

  @Test(
    "a runtimetype becomes an executortype; function submit is process submit",
    arguments: ["process", "function"])
  func submit(_ group: String) async throws {
    let home = TemporaryDirectory()
    let spec = try home.write(#"{"conditions": {"runtimetype": "fibonacci"}}"#, "process.json")
    let server = FakeServer([.submitFunctionSpec: { _ in Self.process(.waiting).json(.executor) }])
    let run = try await Self.run([group, "submit", "--spec", spec], server, home: home)
    #expect(run.output == Self.id + "\n")
    let conditions = server.asked.last?.message["spec"]?["conditions"]
    #expect(conditions?["executortype"] == "fibonacci")
    #expect(conditions?["colonyname"] == "dev")
  }

  @Test("psc lists cancelled processes")
  func cancelled() async throws {
    let server = FakeServer([.getProcesses: { _ in [Self.process(.cancelled).json(.executor)] }])
    let run = try await Self.run(["process", "psc"], server)
    #expect(run.output.contains(Self.id))
    #expect(server.asked.last?.message["state"] == 4)
  }

  @Test("cancel uses this API even where the environment says otherwise")
  func cancel() async throws {
    let server = FakeServer([.cancelProcess: { _ in [:] }])
    let run = try await CommandRun(
      ["process", "cancel", "-p", Self.id],
      environment: Self.environment.merging(["COLONIES_API": "runtime"]) { $1 }, server: server)
    #expect(run.output == "Process with Id <\(Self.id)> cancelled\n")
  }

  @Test("output is the result; errors are shown")
  func output() async throws {
    let successful = FakeServer([
      .getProcess: { _ in Self.process(.successful, output: ["55"]).json(.executor) }
    ])
    #expect(try await Self.run(["process", "get", "-p", Self.id, "--result"], successful).output == "55\n")
    let table = try await Self.run(["process", "get", "-p", Self.id], successful).output
    #expect(table.contains("| AssignedExecutorID |"))
    #expect(table.contains("Output:\n+----+\n| 55 |\n+----+\n"))
    let failed = FakeServer([.getProcess: { _ in Self.process(.failed, errors: ["no"]).json(.executor) }])
    #expect(try await Self.run(["process", "get", "-p", Self.id], failed).output.contains("Errors:\n"))
  }

  @Test("colony stats is colony status, with workers counted")
  func statistics() async throws {
    let server = FakeServer([
      .getColonyStatistics: { _ in
        Statistics(waiting: 3, cancelled: 1, executors: 5, activeExecutors: 2, unregisteredExecutors: 3)
          .json(.executor)
      }
    ])
    let run = try await Self.run(["colony", "stats"], server)
    #expect(
      run.output == """
        Process statistics:
        +------------+---+
        | Waiting    | 3 |
        | Running    | 0 |
        | Successful | 0 |
        | Failed     | 0 |
        | Cancelled  | 1 |
        +------------+---+

        Executors:
        +--------------+---+
        | Active       | 2 |
        | Unregistered | 3 |
        | All          | 5 |
        +--------------+---+

        """)
  }

  @Test("an executor is approved by its name, which an id is looked up for")
  func approve() async throws {
    let executor = Executor(id: TestKeys.fibonacci.id, type: "fibonacci", name: "fib", colonyName: "dev")
    let server = FakeServer([
      .getExecutors: { _ in [executor.json(.executor)] }, .approveExecutor: { _ in [:] },
    ])
    let run = try await Self.run(["executor", "approve", "--executorid", executor.id], server)
    #expect(run.output == "Colony Executor with Id <\(executor.id)> is now approved\n")
    #expect(server.asked.last?.message["executorname"] == "fib")
    #expect(server.asked.last?.signer == TestKeys.colony.id)
    let named = try await Self.run(["executor", "approve", "--name", "fib"], server)
    #expect(named.output == "Colony Executor with name <fib> is now approved\n")
  }

  @Test("registering with --approve needs no second command")
  func register() async throws {
    let home = TemporaryDirectory()
    let server = FakeServer([
      .addExecutor: { $0.message["executor"] ?? .null }, .approveExecutor: { _ in [:] },
    ])
    let run = try await Self.run(
      ["executor", "add", "--name", "me", "--type", "cli", "--approve"], server, home: home)
    #expect(run.exitCode == 0)
    #expect(server.asked.map(\.type) == [.addExecutor, .approveExecutor])
    #expect(server.asked.last?.message["executorname"] == "me")
    #expect(try home.permissions(".colonies/\(run.output.dropLast())") == 0o600)
  }

  @Test("the key of what a server refused to register is not kept")
  func refusedRegistration() async throws {
    let home = TemporaryDirectory()
    let server = FakeServer([
      .addExecutor: { _ in throw Refusal(status: 400, message: "Executor with name <me> already exists") }
    ])
    let run = try await Self.run(["executor", "add", "--name", "me"], server, home: home)
    #expect(run.exitCode == 1)
    #expect(try home.files(".colonies") == [])
  }

  @Test("an empty queue is exit code 3; --json then prints nothing")
  func nothingAssigned() async throws {
    let server = FakeServer([
      .assignProcess: { _ in throw Refusal(status: 404, message: "No process available for assignment") }
    ])
    let run = try await Self.run(["process", "assign", "--json", "--timeout", "2"], server)
    #expect(run.exitCode == 3)
    #expect(run.output == "")
    #expect(server.asked.last?.message["timeout"] == 2)
  }
}
