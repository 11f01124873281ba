import Colonies
import ColoniesClient
import HTTPTransport
import TestSupport

/// A running server with one colony in it, for one test.
final class ServedColony: Sendable {
  let server: TestServer
  let endpoint: Endpoint
  let client: ColoniesClient
  let colony: TestColony
  let directory: TemporaryDirectory
  let transport: HTTPTransport

  init(
    _ api: API = .executor, workers: Int = 2, options: [String] = [], tls: TLSConfiguration = .init(),
    directory: TemporaryDirectory? = nil
  ) async throws {
    let directory = directory ?? TemporaryDirectory()
    self.directory = directory
    (server, endpoint) = try await TestServer.started(directory: directory.file("data"), options)
    transport = try HTTPTransport(.init(tls: tls))
    client = ColoniesClient(endpoint: endpoint, transport: transport, api: api)
    colony = TestColony(api, name: "colony", workers: workers)
    try await colony.register(client)
  }

  deinit { transport.shutdown() }

  var statistics: Statistics {
    get async throws { try await client.statistics(of: colony.reference, key: colony.workers[0]) }
  }

  /// Submits a process as the last worker.
  func submit(_ token: String = "") async throws -> Process {
    try await client.submit(colony.spec(token), key: colony.workers[colony.workers.count - 1])
  }

  /// Asks for work.
  func assign(_ worker: Int, timeout: Int? = nil) async throws -> Process {
    try await client.assign(colony: colony.reference, timeout: timeout, key: colony.workers[worker])
  }

  /// Lends a client of another server on the same data.
  func withClient(_ endpoint: Endpoint, _ body: (ColoniesClient) async throws -> Void) async throws {
    try await body(ColoniesClient(endpoint: endpoint, transport: transport, api: colony.api))
  }

  /// A request as it travels.
  func body(_ request: Request, worker: Int) throws -> [UInt8] {
    guard let envelope = request.envelope(colony.api, signedWith: colony.workers[worker]) else {
      throw Failure("the API has no such request")
    }
    return envelope.encoded()
  }
}
