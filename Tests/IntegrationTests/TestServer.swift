import Colonies
import ColoniesClient
import Files
import Glibc
import HTTPTransport
import JSON
import TestSupport

/// `colonies server start` on a data directory that outlives it.
struct TestServer: Sendable {
  let process: ChildProcess
  let directory: String
  /// The key that every server of these tests is told to obey.
  static let ownerKey = PrivateKey()

  /// Starts the real program on a free port of the loopback interface.
  /// - Parameter environment: What it has beside the test's own, as `NAME=value`.
  init(directory: String, _ options: [String] = [], environment: [String] = []) throws {
    self.directory = directory
    // The address of the server before this one would be taken for ours.
    unlink(directory + "/address")
    process = try ChildProcess(
      ["/usr/bin/env"] + environment + [
        try BuiltProgram.path(), "server", "start", "--port", "0", "--data-dir", directory,
        "--server-id", Self.ownerKey.id, "--log-level", "warning",
      ] + options, logFile: directory + ".log")
  }

  /// Starts a server and waits until it answers.
  static func started(
    directory: String, _ options: [String] = [], environment: [String] = []
  ) async throws -> (TestServer, Endpoint) {
    let server = try TestServer(directory: directory, options, environment: environment)
    return (server, try await server.endpoint())
  }

  /// Where it listens, once it answers.
  func endpoint(within limit: Duration = .seconds(60)) async throws -> Endpoint {
    try await eventually("the server answers", within: limit) {
      if let exit = process.exitIfEnded { throw Failure("the server ended with \(exit): \(process.log)") }
      guard let line = try? File.text(directory + "/address"), line.hasSuffix("\n"),
        let port = line.dropLast().split(separator: ":").last.flatMap({ Int($0) })
      else { return nil }
      return Endpoint(host: "127.0.0.1", port: port, usesTLS: line.hasPrefix("https"))
    }
  }

  /// Asks it to end, and waits until it has.
  func stop() async -> ChildProcess.Exit {
    process.kill(SIGTERM)
    return await process.exit()
  }
}

/// Asks until there is an answer.
/// - Throws: `Failure` when there is none in time.
func eventually<Value: Sendable>(
  _ what: String, within limit: Duration = .seconds(60), _ ask: () async throws -> Value?
) async throws -> Value {
  let end = ContinuousClock.now + limit
  while true {
    if let value = try await ask() { return value }
    guard ContinuousClock.now < end else { throw Failure("not within \(limit): \(what)") }
    try await Task.sleep(for: .milliseconds(50))
  }
}

/// A colony with its workers, each with a key of its own.
struct TestColony: Sendable {
  let api: API
  let key = PrivateKey()
  let reference: ColonyReference
  let workers: [PrivateKey]
  static let workerType = "tester"

  init(_ api: API, name: String, workers: Int) {
    self.api = api
    reference = ColonyReference(id: key.id, name: name)
    self.workers = (0..<workers).map { _ in PrivateKey() }
  }

  /// Makes the colony on a server.
  func register(_ client: ColoniesClient) async throws {
    _ = try await client.addColony(
      Colony(id: reference.id, name: reference.name), key: TestServer.ownerKey)
    for index in workers.indices {
      _ = try await client.addExecutor(
        Executor(
          id: workers[index].id, type: Self.workerType, name: "worker-\(index)", colonyID: reference.id,
          colonyName: reference.name),
        key: key)
      try await client.approveExecutor(worker(index), key: key)
    }
  }

  func worker(_ index: Int) -> ExecutorReference {
    ExecutorReference(id: workers[index].id, name: "worker-\(index)", colony: reference)
  }

  /// A process for the colony's workers.
  func spec(_ token: String) -> ProcessSpec {
    ProcessSpec(
      conditions: .init(
        colonyID: reference.id, colonyName: reference.name, executorType: Self.workerType),
      arguments: [.string(token)], functionName: "test")
  }

  /// Waits until a worker's request for work has come to the server. The server notes it in the same step in
  /// which the request begins to wait.
  func waitUntilHeard(_ index: Int, _ client: ColoniesClient) async throws {
    let _: Timestamp = try await eventually("worker \(index) asks for work") {
      try await client.executor(worker(index), key: workers[0]).lastHeardFromTime
    }
  }
}
