#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why the system did not do something with a file.
struct FileError: Error, Hashable, CustomStringConvertible {
  /// The system's error number.
  let code: Int32

  init(_ code: Int32) { self.code = code }
  static var last: FileError { FileError(errno) }

  var isNotFound: Bool { code == ENOENT }
  var description: String { strerror(code).map { String(cString: $0) } ?? "system error \(code)" }
}

/// Small files, read and written whole.
enum File {
  /// No file that a worker reads is longer; a longer one is refused.
  static let sizeLimit = 65_536

  /// - Parameter mustBeOwn: Refuses a file of another user, as if it could not be read. For files in folders
  ///   where anybody may put one.
  static func text(_ path: String, mustBeOwn: Bool = false) throws(FileError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    if mustBeOwn {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw .last }
      guard status.st_uid == geteuid() else { throw FileError(EACCES) }
    }
    var bytes = [UInt8](repeating: 0, count: sizeLimit + 1)
    var count = 0
    while count < bytes.count {
      let result = bytes.withUnsafeMutableBytes { buffer in
        read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      }
      if result == 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
      if result > 0 {
        count += result
      } else if errno != EINTR {
        throw .last
      }
    }
    throw FileError(EFBIG)
  }

  /// Puts a file in the place of what was there, so that a reader sees either all of the old or all of the
  /// new. Only the user may read it.
  static func replace(_ path: String, with text: String) throws(FileError) {
    let temporary = "\(path).\(getpid())"
    // What a process of the same number left behind has no owner any more.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last }
    do throws(FileError) {
      defer { close(descriptor) }
      try writeAll(Array(text.utf8), to: descriptor)
      guard fsync(descriptor) == 0 else { throw .last }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = FileError.last
      unlink(temporary)
      throw error
    }
  }

  static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw .last }
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let result = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      }
      if result >= 0 {
        written += result
      } else if errno != EINTR {
        throw .last
      }
    }
  }
}
