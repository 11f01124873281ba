import Colonies
import Glibc
import Locking
import TestSupport

/// A place for a worker process that is started again whenever it ends.
final class ChaosWorker: Sendable {
  private let arguments: [String]
  private let logFile: String
  private let current: Locked<ChildProcess?>
  /// How the processes ended.
  private let ends = Locked<[ChildProcess.Exit]>([])

  /// - Parameters:
  ///   - port: Where it finds the server.
  ///   - name: Unique among the places; the worker's name at the server.
  ///   - environment: What it has beside the test's own, as `NAME=value`.
  init(
    _ colony: TestColony, port: Int, name: String, concurrency: Int, directory: TemporaryDirectory,
    environment: [String] = []
  ) throws {
    let home = directory.makeDirectory(name)
    let reference: [String] =
      switch colony.api {
      case .runtime: ["COLONYID=\(colony.reference.id)"]
      case .executor: ["COLONIES_COLONY_NAME=\(colony.reference.name)"]
      }
    arguments =
      ["/usr/bin/env"] + environment + reference + [
        "COLONIES_SERVER_HOST=127.0.0.1", "COLONIES_SERVER_PORT=\(port)",
        "COLONYPRVKEY_FILE=\(directory.write(colony.key.hexadecimal, to: "colony.key"))",
        "COLONIES_EXECUTOR_NAME=\(name)", "WORKER_CONCURRENCY=\(concurrency)", "WORKER_GRACE_SECONDS=4",
        "TMPDIR=\(home)", try BuiltProgram.path(of: "fibonacci-worker"),
      ]
    logFile = home + "/log"
    current = Locked(nil)
  }

  /// What all its processes have printed.
  var log: String {
    current.withLock { $0 }?.log ?? ""
  }

  var exits: [ChildProcess.Exit] { ends.withLock { $0 } }

  func signal(_ signal: Int32) { current.withLock { $0 }?.kill(signal) }

  /// Keeps a process running until the task is cancelled, then has it end in good order.
  func run() async throws {
    while !Task.isCancelled {
      let child = try ChildProcess(arguments, logFile: logFile)
      current.withLock { $0 = child }
      let exit = await child.exit(onCancellation: SIGTERM)
      ends.withLock { $0.append(exit) }
    }
  }
}
