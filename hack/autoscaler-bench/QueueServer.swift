import Colonies
import ColoniesClient
import Files
import Glibc
import HTTPTransport
import TestSupport

/// A Colonies server of the benchmark's own.
final class QueueServer: Sendable {
  let endpoint: Endpoint
  let client: ColoniesClient
  private let process: ChildProcess
  private let transport: HTTPTransport
  private let ownerKey: PrivateKey

  private init(_ endpoint: Endpoint, _ process: ChildProcess, _ transport: HTTPTransport, _ key: PrivateKey) {
    self.endpoint = endpoint
    self.process = process
    self.transport = transport
    ownerKey = key
    client = ColoniesClient(endpoint: endpoint, transport: transport, api: .executor)
  }

  deinit { transport.shutdown() }

  /// Starts a server and waits until it answers.
  static func start(_ program: String, in directory: TemporaryDirectory) async throws -> QueueServer {
    let data = directory.file("colonies")
    let process = try ChildProcess(
      [program, "server", "start", "--port", "0", "--data-dir", data, "--log-level", "warning"],
      logFile: directory.file("colonies.log"))
    return try await within(.seconds(60), "the Colonies server starts") {
      while true {
        if let exit = process.exitIfEnded {
          throw Failure("the Colonies server ended with \(exit): \(process.log)")
        }
        if let line = try? File.text("\(data)/address"), line.hasSuffix("\n"),
          let port = line.dropLast().split(separator: ":").last.flatMap({ Int($0) })
        {
          let key = try File.text("\(data)/server.key").prefix { $0 != "\n" }
          return QueueServer(
            Endpoint(host: "127.0.0.1", port: port, usesTLS: false), process, try HTTPTransport(),
            try PrivateKey(hexadecimal: String(key)))
        }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  /// Makes a colony with an approved worker, and keeps the worker's key in a file for the autoscaler.
  func makeColony(_ name: String, in directory: TemporaryDirectory) async throws -> BenchColony {
    let key = PrivateKey()
    let worker = PrivateKey()
    let reference = ColonyReference(id: key.id, name: name)
    _ = try await client.addColony(Colony(id: key.id, name: name), key: ownerKey)
    _ = try await client.addExecutor(
      Executor(id: worker.id, type: "fibonacci", name: "bench", colonyName: name), key: key)
    try await client.approveExecutor(ExecutorReference(name: "bench", colony: reference), key: key)
    let file = directory.write(worker.hexadecimal, to: "\(name).key")
    return BenchColony(reference: reference, worker: worker, keyFile: file, client: client)
  }
}

/// A colony whose queue an autoscaler reads.
struct BenchColony: Sendable {
  let reference: ColonyReference
  let worker: PrivateKey
  /// Where the worker's key is.
  let keyFile: String
  let client: ColoniesClient

  /// Puts one more process into the queue, which nobody ever takes.
  func submit() async throws {
    _ = try await client.submit(
      ProcessSpec(
        conditions: .init(colonyName: reference.name, executorType: "fibonacci"), functionName: "bench"),
      key: worker)
  }
}
