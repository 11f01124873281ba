import Colonies
import ColoniesClient
import Files
import Glibc
import JSON
import TestSupport
import Testing

/// The whole product as its users run it: the server, the autoscaler and the workers that it starts, each the
/// real program.
@Suite("The engine on one machine", .timeLimit(.minutes(10)), .serialized)
struct EngineTests {
  @Test("workers are scaled from zero, do the work, and go", arguments: API.allCases)
  func scalesFromZeroAndBack(api: API) async throws {
    let engine = try await Engine(api)
    #expect(try await engine.workers().isEmpty)
    let indices = ["10", "90", "1000", "0", "100000"]
    var ids: [String: String] = [:]
    for index in indices { ids[index] = try await engine.submit(index) }
    let bad = try await engine.submit("-1")

    let most = try await engine.watchWorkers { statistics in
      statistics.successful == indices.count && statistics.failed == 1
    }
    #expect((1...3).contains(most))
    #expect(try await engine.result(ids["0"]) == "0")
    #expect(try await engine.result(ids["10"]) == "55")
    #expect(try await engine.result(ids["90"]) == "2880067194370816120")
    #expect(try await engine.result(ids["1000"])?.hasSuffix("849228875") == true)
    #expect(try await engine.result(ids["100000"])?.utf8.count == 20_899)
    let failed = try await engine.process(bad)
    #expect(failed.state == .failed)
    let reason = failed.errors.first ?? failed.attributes.first { $0.kind == .error }?.value
    #expect(reason?.contains("-1") == true)

    let _: Bool = try await eventually("the workers are gone", within: .seconds(60)) {
      try await engine.workers().isEmpty ? true : nil
    }
    #expect(await engine.autoscaler.stopped() == .code(0))
    #expect(engine.liveProcesses.isEmpty)
    #expect(await engine.served.server.stop() == .code(0))
    try await engine.checkReplay()
  }

  @Test func workersEndWithAnAutoscalerThatWasKilled() async throws {
    let engine = try await Engine(.executor)
    _ = try await engine.submit("10")
    let _: Bool = try await eventually("a worker is there", within: .seconds(60)) {
      try await engine.workers().isEmpty ? nil : true
    }
    engine.autoscaler.kill(SIGKILL)
    _ = await engine.autoscaler.exit()
    let _: Bool = try await eventually("no process is left", within: .seconds(60)) {
      engine.liveProcesses.isEmpty ? true : nil
    }
    let _: Bool = try await eventually("the workers are unregistered") {
      try await engine.workers().isEmpty ? true : nil
    }
  }
}

/// A server with a colony, and an autoscaler that runs Fibonacci workers for it.
private final class Engine: Sendable {
  let served: ServedColony
  let autoscaler: ChildProcess
  private let api: API

  init(_ api: API) async throws {
    self.api = api
    served = try await ServedColony(api, workers: 1)
    let directory = served.directory
    directory.write(served.colony.workers[0].hexadecimal, to: "member.key")
    directory.write(served.colony.key.hexadecimal, to: "colony.key")
    let colony = served.colony.reference
    directory.write(
      """
      servers:
        test: {host: 127.0.0.1, port: \(served.endpoint.port), api: \(api.rawValue)}
      scalers:
        - name: fibonacci
          colony: {id: \(colony.id), name: \(colony.name)}
          credentials: {file: \(directory.file("member.key"))}
          executorType: fibonacci
          max: 3
          pollInterval: 250ms
          scaleDown: {idleFor: 1s}
          target:
            kind: LocalProcesses
            command: [\(try BuiltProgram.path(of: "fibonacci-worker"))]
            environment: {COLONYPRVKEY_FILE: \(directory.file("colony.key"))}
            gracePeriod: 20s
            logDirectory: \(directory.file("workers"))
      """, to: "autoscaler.yaml")
    autoscaler = try ChildProcess(
      [
        try BuiltProgram.path(of: "colonies-autoscaler"), "run", "--config",
        directory.file("autoscaler.yaml"), "--record", directory.file("decisions.jsonl"),
      ], logFile: directory.file("autoscaler.log"))
  }

  func submit(_ index: String) async throws -> String {
    let spec = ProcessSpec(
      conditions: .init(
        colonyID: served.colony.reference.id, colonyName: served.colony.reference.name,
        executorType: "fibonacci"),
      environment: ["fibonacciNum": index])
    return try await served.client.submit(spec, key: key).id
  }

  func process(_ id: String) async throws -> Process { try await served.client.process(id: id, key: key) }

  func result(_ id: String?) async throws -> String? {
    try await process(try #require(id)).attributes.first { $0.key == "result" && $0.kind == .output }?.value
  }

  /// The registered Fibonacci workers.
  func workers() async throws -> [Executor] {
    try await served.client.executors(of: served.colony.reference, key: key)
      .filter { $0.type == "fibonacci" && $0.state != .unregistered }
  }

  /// Watches until the work is done.
  /// - Returns: The largest number of workers that were seen.
  func watchWorkers(until isDone: (Statistics) -> Bool) async throws -> Int {
    var most = 0
    let _: Bool = try await eventually("the work is done: \(autoscaler.log)", within: .seconds(90)) {
      most = max(most, try await workers().count)
      return isDone(try await served.statistics) ? true : nil
    }
    return most
  }

  /// Makes the recorded decisions again, from what they were made from.
  func checkReplay() async throws {
    let directory = served.directory
    let replay = try ChildProcess(
      [
        try BuiltProgram.path(of: "colonies-autoscaler"), "replay", directory.file("decisions.jsonl"),
        "--output", "json",
      ], logFile: directory.file("replay.json"))
    #expect(await replay.exit() == .code(0), "\(replay.log)")
    let report = try JSONValue(parsing: replay.log)
    #expect(report["differences"]?.int == 0, "\(replay.log)")
    // There and back at least.
    #expect(try #require(report["decisions"]?.int) > 2, "\(replay.log)")
  }

  /// The worker processes that carry this test's directory in their environment.
  var liveProcesses: [pid_t] {
    guard let entries = opendir("/proc") else { return [] }
    defer { closedir(entries) }
    var found: [pid_t] = []
    while let entry = readdir(entries) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let pid = pid_t(name), let environment = try? File.text("/proc/\(pid)/environ"),
        environment.split(separator: "\0").contains(where: {
          $0.hasPrefix("COLONYPRVKEY_FILE=\(served.directory.path)/")
        })
      else { continue }
      found.append(pid)
    }
    return found
  }

  private var key: PrivateKey { served.colony.workers[0] }
}

extension ChildProcess {
  /// Asks it to end, and waits until it has.
  fileprivate func stopped() async -> Exit {
    kill(SIGTERM)
    return await exit()
  }
}
