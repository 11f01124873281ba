internal import Glibc
internal import SystemPackage

/// The file that one worker after the other of a slot writes its output to.
///
/// Workers write to it themselves, not through the autoscaler: so they live on, and are heard, when it dies.
struct WorkerLog: Sendable, Hashable {
  let path: String

  /// The size from which a log is emptied. Slots are numbered from 1 up, so their number is bounded too.
  static let sizeLimit: Int64 = 64 << 20

  /// Opens the log for a worker to write behind what is there.
  func open() throws(Errno) -> CInt {
    try Self.makeFolder(of: path)
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
    return descriptor
  }

  /// Empties the log if it has grown too large; the worker goes on at its beginning.
  func limitSize() {
    var status = stat()
    guard stat(path, &status) == 0, Int64(status.st_size) > Self.sizeLimit else { return }
    // If it cannot be emptied now, the next look tries again.
    _ = truncate(path, 0)
  }

  private static func makeFolder(of path: String) throws(Errno) {
    for index in path.indices where path[index] == "/" && index != path.startIndex {
      if mkdir(String(path[..<index]), 0o750) != 0, errno != EEXIST, errno != EISDIR {
        throw Errno(rawValue: errno)
      }
    }
  }
}
