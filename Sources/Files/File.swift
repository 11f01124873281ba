#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Small files, read and written whole.
package enum File {
  /// What most files that programs keep for themselves stay far below: keys, addresses, states.
  package static let sizeLimit = 65_536

  /// Reads a file of at most `limit` bytes.
  /// - Parameter mustBeOwn: Refuses a file of another user, as if it could not be read. For files in folders
  ///   where anybody may put one.
  package static func bytes(_ path: String, limit: Int = sizeLimit, mustBeOwn: Bool = false) throws(FileError)
    -> [UInt8]
  {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.read, path) }
    defer { close(descriptor) }
    if mustBeOwn {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw .last(.read, path) }
      guard status.st_uid == geteuid() else { throw FileError(.read, path, code: EACCES) }
    }
    return try bytes(from: descriptor, path, limit: limit)
  }

  /// Reads what is open to its end.
  /// - Parameter path: What it is called in errors.
  package static func bytes(
    from descriptor: Int32, _ path: String, limit: Int
  ) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(64 << 10, limit + 1))
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes += buffer[..<count]
        if bytes.count > limit { throw FileError(.read, path, code: EFBIG) }
      } else if errno != EINTR {
        throw .last(.read, path)
      }
    }
  }

  /// Reads a file of at most `limit` bytes as text.
  package static func text(_ path: String, limit: Int = sizeLimit, mustBeOwn: Bool = false) throws(FileError)
    -> String
  {
    String(decoding: try bytes(path, limit: limit, mustBeOwn: mustBeOwn), as: UTF8.self)
  }

  /// Puts a file in the place of what was there, so that a reader sees either all of the old or all of the
  /// new. Only the user may read it.
  package static func replace(_ path: String, with text: String) throws(FileError) {
    let temporary = "\(path).\(getpid())"
    // What a process of the same number left behind has no owner any more.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last(.write, path) }
    do throws(FileError) {
      defer { close(descriptor) }
      try write(text.utf8, to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw .last(.write, path) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let error = FileError.last(.write, path)
      unlink(temporary)
      throw error
    }
  }

  /// Writes everything to what is open.
  /// - Parameter path: What it is called in errors.
  package static func write(
    _ bytes: some Collection<UInt8>, to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { pointer in
        systemWrite(descriptor, pointer.baseAddress, pointer.count)
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw .last(.write, path)
      }
    }
  }

  package static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 else { throw .last(.remove, path) }
  }

  /// Makes a directory, and those above it, that only its owner may enter. One that exists is left as it is.
  package static func makePrivateDirectory(_ path: String) throws(FileError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .last(.create, path)
    }
    try makePrivateDirectory(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last(.create, path) }
  }
}

/// `write(2)`, which `File`'s own function hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
