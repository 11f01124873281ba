internal import Colonies
internal import ColoniesClient
internal import Files
internal import HTTPTransport
internal import TestSupport

/// A Colonies server of a soak's own.
final class SoakQueue: Sendable {
  let port: Int
  let process: ChildProcess
  private let transport: HTTPTransport
  private let ownerKey: PrivateKey

  private init(_ port: Int, _ process: ChildProcess, ownerKey: PrivateKey) throws {
    self.port = port
    self.process = process
    self.ownerKey = ownerKey
    transport = try HTTPTransport()
  }

  deinit { transport.shutdown() }

  /// Starts a server. Returns when it listens.
  static func started(_ program: String, in directory: TemporaryDirectory) async throws -> SoakQueue {
    let data = directory.file("colonies")
    let process = try ChildProcess(
      [program, "server", "start", "--port", "0", "--data-dir", data, "--log-level", "warning"],
      logFile: directory.file("colonies.log"))
    return try await within(.seconds(60), "the Colonies server starts") {
      if let exit = process.exitIfEnded {
        throw Failure("the Colonies server ended with \(exit): \(process.log)")
      }
      // Written as a whole, and before the address.
      guard let address = directory.read("colonies/address"), address.hasSuffix("\n"),
        let port = address.dropLast().split(separator: ":").last.flatMap({ Int($0) })
      else { return nil }
      let key = try File.text("\(data)/server.key").prefix { $0 != "\n" }
      return try SoakQueue(port, process, ownerKey: PrivateKey(hexadecimal: String(key)))
    }
  }

  /// Makes a colony, and a member of it that submits and looks.
  func makeColony(_ name: String, _ api: API) async throws -> SoakColony {
    let client = ColoniesClient(
      endpoint: Endpoint(host: "127.0.0.1", port: port, usesTLS: false), transport: transport, api: api)
    let colony = SoakColony(name: name, client: client)
    _ = try await client.addColony(Colony(id: colony.owner.id, name: name), key: ownerKey)
    _ = try await client.addExecutor(
      Executor(
        id: colony.member.id, type: "watcher", name: SoakColony.memberName, colonyID: colony.reference.id,
        colonyName: name), key: colony.owner)
    try await client.approveExecutor(
      ExecutorReference(id: colony.member.id, name: SoakColony.memberName, colony: colony.reference),
      key: colony.owner)
    return colony
  }
}

/// Asks until there is an answer.
/// - Throws: `Failure` when there is none in time.
func within<Value: Sendable>(
  _ limit: Duration, _ what: String, _ ask: () async throws -> Value?
) async throws -> Value {
  let end = ContinuousClock.now + limit
  while true {
    if let value = try await ask() { return value }
    guard ContinuousClock.now < end else { throw Failure("not within \(limit): \(what)") }
    try await ContinuousClock().sleep(for: .milliseconds(100))
  }
}
