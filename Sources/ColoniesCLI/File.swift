internal import Glibc

/// Small files, read and written whole.
enum File {
  /// Why a file could not be used.
  struct Failure: Error {
    /// What was attempted, as `read`.
    let action: String
    let path: String
    /// The system's error number.
    let number: Int32

    var reason: String { String(cString: strerror(number)) }
    var isMissing: Bool { number == ENOENT }
  }

  /// Larger files are refused: no file that this program reads comes near it.
  private static let largest = 64 << 20

  /// A file's bytes; `-` is the standard input.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    if path == "-" { return try read(descriptor: STDIN_FILENO, path: path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, path: path)
  }

  private static func read(descriptor: Int32, path: String) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("read", path)
      }
      bytes.append(contentsOf: buffer[..<count])
      if bytes.count > largest { throw Failure(action: "read", path: path, number: EFBIG) }
    }
  }

  /// Writes a file that only its owner may read. It appears whole or not at all, and stays after a power
  /// failure.
  static func writeSecret(_ bytes: [UInt8], to path: String) throws(Failure) {
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write", path) }
    var written = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
    written = close(descriptor) == 0 && written
    guard written, rename(draft, path) == 0 else {
      let failure = failure("write", path)
      unlink(draft)
      throw failure
    }
  }

  /// Writes everything to a descriptor; `errno` tells why when it returns false.
  static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Makes a directory, and those above it, that only its owner may enter. One that exists is left as it is.
  static func makePrivateDirectory(_ path: String) throws(Failure) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw failure("create", path)
    }
    try makePrivateDirectory(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("create", path) }
  }

  static func remove(_ path: String) throws(Failure) {
    guard unlink(path) == 0 else { throw failure("remove", path) }
  }

  private static func failure(_ action: String, _ path: String) -> Failure {
    Failure(action: action, path: path, number: errno)
  }
}

extension File.Failure: CustomStringConvertible {
  var description: String { "cannot \(action) \(path == "-" ? "the standard input" : path): \(reason)" }
}
