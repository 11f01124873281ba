internal import Colonies
internal import Files
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
    if let text = try Self.text(file) {
      do {
        return try PrivateKey(hexadecimal: text.trimmingNewline)
      } catch {
        throw Failure(description: "\(file) does not hold a private key: \(error)")
      }
    }
    let key = PrivateKey()
    try File.replace(file, with: key.hexadecimal)
    return key
  }

  /// Notes where the server listens, for commands on the same machine.
  func write(address: String) throws { try File.replace(path + "/address", with: address + "\n") }

  private static func makeDirectory(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw Failure(description: "cannot make \(path): \(String(cString: strerror(errno)))")
    }
  }

  /// What a file says, or nil when it does not exist.
  private static func text(_ file: String) throws(FileError) -> String? {
    do {
      return try File.text(file)
    } catch {
      if error.isNotFound { return nil }
      throw error
    }
  }
}

extension String {
  fileprivate var trimmingNewline: String { String(prefix { $0 != "\n" && $0 != "\r" }) }
}
