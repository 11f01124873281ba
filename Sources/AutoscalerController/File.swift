internal import Glibc

/// Why the system did not do something with a file.
struct FileError: Error, Hashable, CustomStringConvertible {
  /// The system's error number.
  let code: Int32

  init(_ code: Int32) { self.code = code }
  static var last: FileError { FileError(errno) }

  var isNotFound: Bool { code == ENOENT }
  var description: String { strerror(code).map { String(cString: $0) } ?? "system error \(code)" }
}

/// What tells one state of a file from another without reading it.
struct FileVersion: Hashable {
  /// Where the path leads to in the end: mounted configurations are changed by moving a symbolic link.
  let target: String
  let device: UInt64
  let inode: UInt64
  let size: Int64
  let seconds: Int
  let nanoseconds: Int
}

/// Small files, read whole.
enum File {
  /// Reads a file of at most `limit` bytes.
  static func bytes(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes += buffer[..<count]
        if bytes.count > limit { throw FileError(EFBIG) }
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  /// The state a file is in.
  static func version(_ path: String) throws(FileError) -> FileVersion {
    guard let resolved = realpath(path, nil) else { throw .last }
    defer { free(resolved) }
    var status = stat()
    guard stat(resolved, &status) == 0 else { throw .last }
    return FileVersion(
      target: String(cString: resolved), device: UInt64(status.st_dev), inode: UInt64(status.st_ino),
      size: Int64(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
