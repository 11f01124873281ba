internal import Colonies
internal import Glibc

/// The folder of an embedded server: its database, its owner's key, and where it listens.
struct DataDirectory: Sendable {
  /// Why the folder cannot be used.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let path: String

  /// Opens or makes the folder, for its owner's eyes only.
  /// - Parameter path: nil is the default place in the home directory.
  init(path: String?) throws {
    if let path {
      self.path = path
      try Self.makeDirectory(path)
      return
    }
    guard let home = getenv("HOME").map({ String(cString: $0) }), !home.isEmpty else {
      throw Failure(description: "there is no HOME; name a directory with --data-dir")
    }
    try Self.makeDirectory(home + "/.colonies")
    self.path = home + "/.colonies/server"
    try Self.makeDirectory(self.path)
  }

  /// The key of the server's owner; made by the first start.
  func ownerKey() throws -> PrivateKey {
    let file = path + "/server.key"
    if let text = try Self.read(file) {
      do {
        return try PrivateKey(hexadecimal: text.trimmingNewline)
      } catch {
        throw Failure(description: "\(file) does not hold a private key: \(error)")
      }
    }
    let key = PrivateKey()
    try Self.write(key.hexadecimal, to: file)
    return key
  }

  /// Notes where the server listens, for commands on the same machine.
  func write(address: String) throws { try Self.write(address + "\n", to: path + "/address") }

  private static func makeDirectory(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  private static func read(_ file: String) throws -> String? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw failure("read", file)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw failure("read", file) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Writes a file so that whoever reads it sees either the old or the new content.
  private static func write(_ text: String, to file: String) throws {
    let temporary = "\(file).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write", temporary) }
    let bytes = Array(text.utf8)
    let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isWritten, rename(temporary, file) == 0 else { throw failure("write", file) }
  }

  private static func failure(_ action: String, _ path: String) -> Failure {
    Failure(description: "cannot \(action) \(path): \(String(cString: strerror(errno)))")
  }
}

extension String {
  fileprivate var trimmingNewline: String { String(prefix { $0 != "\n" && $0 != "\r" }) }
}
