import Colonies
import ColoniesClient
import Glibc
import HTTPTransport
import Locking
import TestSupport

/// A server with one colony, ended and started again on the same data. A test's own requests reach it directly.
final class ChaosServer: Sendable {
  let colony: TestColony
  private let directory: TemporaryDirectory
  private let environment: [String]
  private let transport: HTTPTransport
  private let current: Locked<(server: TestServer, endpoint: Endpoint)>

  /// - Parameter environment: What the server has beside the test's own, as `NAME=value`.
  init(_ api: API, directory: TemporaryDirectory, environment: [String] = []) async throws {
    self.directory = directory
    self.environment = environment
    transport = try HTTPTransport()
    current = Locked(
      try await TestServer.started(directory: directory.file("data"), environment: environment))
    colony = TestColony(api, name: "chaos", workers: 1)
    try await colony.register(client)
  }

  deinit { transport.shutdown() }

  var server: TestServer { current.withLock { $0.server } }
  var endpoint: Endpoint { current.withLock { $0.endpoint } }
  var client: ColoniesClient { ColoniesClient(endpoint: endpoint, transport: transport, api: colony.api) }

  var statistics: Statistics {
    get async throws { try await client.statistics(of: colony.reference, key: colony.workers[0]) }
  }

  /// Ends the server by a signal, and returns when the next one answers.
  func restart(by signal: Int32) async throws {
    let old = server
    old.process.kill(signal)
    let exit = await old.process.exit()
    guard exit == .signal(signal) || exit == .code(0) else {
      throw Failure("the server ended with \(exit): \(old.process.log)")
    }
    let next = try await TestServer.started(directory: directory.file("data"), environment: environment)
    current.withLock { $0 = next }
  }
}
