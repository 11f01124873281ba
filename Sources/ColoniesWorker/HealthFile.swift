internal import Files
internal import Timekeeping

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The file that a running worker touches every few seconds while its loop makes progress: for a liveness probe. It
/// lies beside the state file.
///
/// A worker at work is healthy, however long the work takes, and so is one whose server is away: starting it again
/// would help neither. It is not healthy when the loop that takes processes stands still, or when a handler goes on
/// for more than a minute after its work was given up.
public struct HealthFile: Sendable, Hashable {
  /// What the file says about its worker.
  public enum Health: Sendable, Hashable, CustomStringConvertible {
    /// The latest sign of life is this old.
    case alive(age: Duration)
    /// The latest sign of life is older than allowed.
    case silent(age: Duration)
    /// There is no worker, or it has not begun.
    case absent(path: String)

    /// Whether the worker is well.
    public var isHealthy: Bool { if case .alive = self { true } else { false } }

    /// A sentence for people.
    public var description: String {
      switch self {
      case .alive(let age): "the worker is well: its latest sign of life is \(age.components.seconds) s old"
      case .silent(let age): "the worker is stuck: its latest sign of life is \(age.components.seconds) s old"
      case .absent(let path): "there is no worker: there is no \(path)"
      }
    }
  }

  /// The time between two signs of life.
  public static let interval = Duration.seconds(5)

  /// Where the file is.
  public let path: String

  /// The health file of the worker that has this state file.
  public init(of stateFile: StateFile) { path = stateFile.path + ".health" }

  /// What the file says now.
  /// - Parameter limit: How old a sign of life may be.
  /// - Throws: `WorkerError` with code `stateFile` when the file cannot be looked at.
  public func health(limit: Duration) throws(WorkerError) -> Health {
    try health(limit: limit, now: WallClock.now())
  }

  func health(limit: Duration, now: Duration) throws(WorkerError) -> Health {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let error = FileError(.read, path, code: errno)
      if error.isNotFound { return .absent(path: path) }
      throw WorkerError(.stateFile, "\(error)")
    }
    let age = now - (.seconds(status.st_mtim.tv_sec) + .nanoseconds(status.st_mtim.tv_nsec))
    // A clock that was set back makes a file of the future, which is no reason to end a worker.
    return age <= limit ? .alive(age: max(age, .zero)) : .silent(age: age)
  }

  /// Leaves a sign of life.
  func touch() throws(WorkerError) {
    if utimensat(AT_FDCWD, path, nil, 0) == 0 { return }
    do {
      guard errno == ENOENT else { throw FileError(.write, path, code: errno) }
      try File.replace(path, with: "")
    } catch {
      throw WorkerError(.stateFile, "\(error)")
    }
  }

  func remove() {
    // What is left of it says soon that there is no life in it.
    try? File.remove(path)
  }
}
