internal import Glibc

/// Files, as far as they are read here.
enum File {
  /// What tells one state of a file from another: where the name leads to, and when that was written. A mounted
  /// Secret changes by a symbolic link being led elsewhere.
  struct Fingerprint: Sendable, Hashable {
    fileprivate let path: String
    fileprivate let seconds: Int
    fileprivate let nanoseconds: Int
    fileprivate let size: Int
    fileprivate let inode: UInt64
  }

  /// Why a file could not be read, in the system's words.
  struct ReadError: Error, CustomStringConvertible {
    let path: String
    let code: Int32
    var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    var description: String { "could not read \(path): \(code == EFBIG ? "it is too large" : words)" }

    private var words: String { String(cString: strerror(code)) }
  }

  /// Reads a whole file.
  static func read(_ path: String, maxBytes: Int) throws(ReadError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ReadError(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    let chunk = 64 << 10
    while true {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, initialized in
        repeat { count = Glibc.read(descriptor, buffer.baseAddress, chunk) } while count < 0 && errno == EINTR
        initialized = max(0, count)
      }
      guard count >= 0 else { throw ReadError(path: path, code: errno) }
      if count == 0 { return bytes }
      bytes += piece
      guard bytes.count <= maxBytes else { throw ReadError(path: path, code: EFBIG) }
    }
  }

  /// The state of a file, or nil when there is none.
  static func fingerprint(_ path: String) -> Fingerprint? {
    var status = stat()
    guard stat(path, &status) == 0, let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return Fingerprint(
      path: String(cString: resolved), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
      size: status.st_size, inode: UInt64(status.st_ino))
  }

  /// A path as seen from a folder, unless it is absolute.
  static func resolve(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
  }

  /// The folder of a file; empty for the present one.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
