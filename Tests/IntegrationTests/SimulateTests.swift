import Colonies
import ColoniesClient
import Files
import JSON
import TestSupport
import Testing

/// `colonies-autoscaler simulate`, as people run it.
@Suite("Rehearsing on the command line", .timeLimit(.minutes(10)))
struct SimulateTests {
  private let directory = TemporaryDirectory()

  private static let workload = """
    duration: 2h
    sources:
      - {kind: Poisson, perHour: 60, serviceTime: {shape: LogNormal, median: 20s, sigma: 1}}
      - {kind: Bursts, every: 1h, spacing: Regular, first: 10m, size: 30, serviceTime: {shape: Constant, value: 30s}}
    """

  private struct Result {
    let code: ChildProcess.Exit
    let output: String
  }

  /// Runs the program with a log file that has both what it prints and what it complains about.
  private func simulate(_ arguments: String...) async throws -> Result {
    let log = directory.file("output-\(arguments.hashValue)")
    let program = try ChildProcess(
      [try BuiltProgram.path(of: "colonies-autoscaler"), "simulate"] + arguments, logFile: log)
    return Result(code: await program.exit(), output: program.log)
  }

  private func configuration(idleFor: String, name: String = "fibonacci", port: Int = 50_080) -> String {
    """
    servers:
      local: {host: localhost, port: \(port), api: executor}
    scalers:
      - name: \(name)
        colony: {name: colony}
        credentials: {file: key}
        executorType: tester
        max: 40
        scaleDown: {idleFor: \(idleFor)}
        target: {kind: LocalProcesses, command: [true]}
    """
  }

  @Test("a table with every policy, a page, and the same numbers each time")
  func table() async throws {
    let workload = directory.write(Self.workload, to: "workload.yaml")
    let quick = directory.write(configuration(idleFor: "10s"), to: "quick.yaml")
    let slow = directory.write(configuration(idleFor: "300s"), to: "slow.yaml")
    let page = directory.file("report.html")
    let first = try await simulate(
      "--workload", workload, "--config", quick, "--config", slow, "--html", page)
    #expect(first.code == .code(0), "\(first.output)")
    let lines = first.output.split(separator: "\n").map(String.init)
    for name in ["fibonacci (\(quick))", "fibonacci (\(slow))", "HPA", "KEDA", "WPA", "CPA"] {
      #expect(lines.contains { $0.hasPrefix(name) }, "\(first.output)")
    }
    #expect(lines[0] == "workload")
    let html = try File.text(page, limit: 4 << 20)
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("KEDA"))
    let again = try await simulate(
      "--workload", workload, "--config", quick, "--config", slow, "--compare", "all")
    #expect(again.output == first.output)
    let other = try await simulate(
      "--workload", workload, "--config", quick, "--config", slow, "--seed", "2")
    #expect(other.output != first.output)
  }

  @Test("JSON for programs, without a configuration, of one type of worker")
  func json() async throws {
    let table = directory.write(
      "submitted,service,type\n0,30,gpu\n10,30,cpu\n20,30,gpu\n", to: "table.csv")
    let result = try await simulate(
      "--workload", table, "--executor-type", "gpu", "--output", "json", "--compare", "keda", "--start-up",
      "2s..4s",
      "--max", "7")
    #expect(result.code == .code(0), "\(result.output)")
    let json = try JSONValue(parsing: Array(result.output.utf8))
    let policies = try #require(json["policies"]?.array)
    #expect(policies.compactMap { $0["name"]?.string } == ["usual rules", "KEDA"])
    #expect(policies.allSatisfy { $0["processes"]?["done"]?.int == 2 })
    #expect(policies[1]["policy"]?.string?.contains("0 to 7") == true)
  }

  @Test("a search prints settings, what the others would have cost, and whether the objective is reached")
  func search() async throws {
    let workload = directory.write(Self.workload, to: "workload.yaml")
    let config = directory.write(configuration(idleFor: "300s"), to: "config.yaml")
    let found = try await simulate(
      "--workload", workload, "--config", config, "--search", "--objective", "p95 wait <= 30s",
      "--simulations", "12",
      "--compare", "keda")
    #expect(found.code == .code(0), "\(found.output)")
    #expect(
      found.output.hasPrefix(
        "The least cost found for p95 wait <= 30s, in 12 simulations:\n\n  processesPerReplica: "))
    #expect(found.output.contains("KEDA would have cost "))
    let missed = try await simulate(
      "--workload", workload, "--config", config, "--search", "--objective", "max wait <= 1ms",
      "--simulations", "3",
      "--compare", "none")
    #expect(missed.code == .code(2))
    #expect(missed.output.hasPrefix("Nothing that reaches max wait <= 1ms was found"))
  }

  @Test(
    "what is wrong is said, with its place",
    arguments: [
      (["--workload", "/nowhere.csv"], Int32(1), "/nowhere.csv: cannot be read: No such file or directory"),
      (["--workload", "bad.yaml"], 1, "bad.yaml:1:1: required key \"sources\" is missing"),
      (["--workload", "bad.csv"], 1, "bad.csv:2:1: submitted must be seconds"),
      (
        ["--workload", "few.csv", "--executor-type", "x"], 1, "few has no processes of type x; it has worker"
      ),
      (["--workload", "few.csv", "--config", "config.yaml", "--scaler", "y"], 1, "there is no scaler y in"),
      (["--history", "1h"], 1, "--history needs --config"), ([], 64, "either --workload FILE or --history"),
      (["--workload", "few.csv", "--compare", "hpa,karpenter"], 64, "there is no model of \"karpenter\""),
      (["--workload", "few.csv", "--start-up", "10"], 64, "a start-up time is written like"),
      (["--workload", "few.csv", "--search"], 64, "--search needs an --objective"),
      (["--workload", "few.csv", "--search", "--objective", "fast"], 64, "an objective is written like"),
    ])
  func problems(arguments: [String], code: Int32, message: String) async throws {
    directory.write("duration: 1h\n", to: "bad.yaml")
    directory.write("submitted,service\nnow,1\n", to: "bad.csv")
    directory.write("submitted,service\n0,1\n", to: "few.csv")
    directory.write(configuration(idleFor: "1s"), to: "config.yaml")
    let files = ["bad.yaml", "bad.csv", "few.csv", "config.yaml"]
    let log = directory.file("problem")
    let program = try ChildProcess(
      [try BuiltProgram.path(of: "colonies-autoscaler"), "simulate"]
        + arguments.map { files.contains($0) ? directory.file($0) : $0 }, logFile: log)
    #expect(await program.exit() == .code(code))
    #expect(program.log.contains(message), "\(program.log)")
  }

  @Test("one's own history is read from a server, kept, and simulated again", arguments: API.allCases)
  func history(api: API) async throws {
    let served = try await ServedColony(api)
    for _ in 0..<3 {
      _ = try await served.submit()
      let process = try await served.assign(0)
      try await served.client.closeSuccessful(id: process.id, key: served.colony.workers[0])
    }
    _ = try await served.submit()
    directory.write(served.colony.workers[0].hexadecimal, to: "key")
    let config = directory.write(
      configuration(idleFor: "10s", port: served.endpoint.port).replacing(
        "api: executor", with: "api: \(api.rawValue)"
      )
      .replacing("{name: colony}", with: "{id: \(served.colony.reference.id), name: colony}").replacing(
        "executorType: tester", with: "executorType: \(TestColony.workerType)"), to: "config.yaml")
    let saved = directory.file("history.csv")
    let result = try await simulate(
      "--history", "1h", "--config", config, "--save", saved, "--output", "json", "--compare", "none")
    #expect(result.code == .code(0), "\(result.output)")
    let json = try JSONValue(parsing: Array(result.output.utf8))
    #expect(json["policies"]?[0]?["processes"]?["done"]?.int == 3)
    #expect(result.output.contains("successful processes: those submitted in the last 3600 s"))
    let again = try await simulate(
      "--workload", saved, "--config", config, "--output", "json", "--compare", "none")
    #expect(
      try JSONValue(parsing: Array(again.output.utf8))["policies"]?[0]?["waitSeconds"]
        == json["policies"]?[0]?["waitSeconds"])
    #expect(await served.server.stop() == .code(0))
  }
}
