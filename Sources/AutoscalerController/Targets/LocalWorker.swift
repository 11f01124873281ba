internal import Glibc
internal import Logging
internal import Subprocess

/// A worker process.
struct LocalWorker: Sendable {
  /// The name it registers under.
  let name: String
  /// Counts the starts of a target's workers.
  let launch: Int
  let log: WorkerLog?
  let stateFile: WorkerStateFile
  /// When it was started, by the target's clock.
  let since: Duration
  /// Whether it has registered at the server, as far as was looked.
  var isRegistered = false
  /// Its number at the system, once it has one; also that of its process group.
  var processID: pid_t?

  /// What happened to it, for machines.
  func metadata(_ event: String) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["event": "\(event)", "worker": "\(name)"]
    metadata["pid"] = processID.map { .stringConvertible($0) }
    return metadata
  }
}

/// How a worker process came to its end.
enum WorkerEnd: Sendable {
  case ended(LocalWorker, pid_t, TerminationStatus)
  /// There was no process, for this reason.
  case notStarted(String)

  var message: String {
    switch self {
    case .ended(let worker, _, .exited(let code)): "worker \(worker.name) exited with status \(code)"
    case .ended(let worker, _, .signaled(let signal)): "worker \(worker.name) was ended by signal \(signal)"
    case .notStarted(let reason): "no worker could be started: \(reason)"
    }
  }

  var metadata: Logger.Metadata {
    switch self {
    case .ended(var worker, let processID, let status):
      worker.processID = processID
      var metadata = worker.metadata("workerExited")
      switch status {
      case .exited(let code): metadata["exitStatus"] = .stringConvertible(code)
      case .signaled(let signal): metadata["signal"] = .stringConvertible(signal)
      }
      return metadata
    case .notStarted: return ["event": "workerNotStarted"]
    }
  }
}
