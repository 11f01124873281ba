internal import Glibc
internal import SystemPackage

/// A folder of its own for the workers' state files, under `TMPDIR` or `/tmp`.
struct StateFolder: Sendable, Hashable {
  let path: String

  init() throws(Errno) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/colonies-autoscaler-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func stateFile(of worker: String) -> WorkerStateFile { WorkerStateFile(path: "\(path)/\(worker).json") }

  /// Removes the folder, which must be empty.
  func remove() { rmdir(path) }
}
