internal import Glibc
internal import Locking
internal import TestSupport

/// A program of a cluster, which can be stopped and started again. It ends with its last holder.
final class ClusterProgram: Sendable {
  private let command: [String]
  private let logFile: String
  private let child = Locked<ChildProcess?>(nil)

  /// Describes a program.
  /// - Parameter command: The path first.
  init(_ command: [String], logFile: String) {
    self.command = command
    self.logFile = logFile
  }

  /// Whether it ended by itself, or was killed.
  var hasEnded: Bool { child.withLock { $0?.exitIfEnded != nil } }

  /// Its name, and what it said last.
  var report: String {
    let log = child.withLock { $0?.log } ?? ""
    return "\(command[0]) \(hasEnded ? "has ended" : "runs") and said last:\n\(log.suffix(2000))"
  }

  /// Starts it, or lets it go on.
  func start() throws {
    try child.withLock { child in
      if let child, child.exitIfEnded == nil {
        child.kill(SIGCONT)
      } else {
        child = try ChildProcess(command, logFile: logFile)
      }
    }
  }

  /// Makes it be away. Returns when it is.
  func stop(_ outage: Outage) async {
    let child = child.withLock { $0 }
    switch outage {
    case .frozen: await child?.freeze()
    case .killed:
      child?.kill(SIGKILL)
      _ = await child?.exit()
    }
  }
}
