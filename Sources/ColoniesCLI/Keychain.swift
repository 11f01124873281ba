internal import Colonies
internal import Files
internal import Glibc

/// The directory that keeps private keys: one file for each identity, named by it, that holds the key's 64
/// hexadecimal digits and no line end. Earlier `colonies` programs use the same one.
struct Keychain: Sendable {
  /// The directory's path.
  let path: String

  /// The keychain of this environment: `COLONIES_KEYCHAIN`, or `~/.colonies`.
  init(_ environment: EnvironmentVariables) {
    path = environment["COLONIES_KEYCHAIN"] ?? environment.home + "/.colonies"
  }

  /// The private key of an identity, or nil when the keychain has none.
  /// - Throws: `CommandError` when there is a file for it that does not hold its key.
  func key(of id: String) throws -> PrivateKey? {
    // Anything else would be a path out of the directory.
    guard Identifier.isValid(id) else { return nil }
    let file = "\(path)/\(id)"
    let text: String
    do {
      text = try File.text(file)
    } catch {
      if error.isNotFound { return nil }
      throw CommandError(error.description)
    }
    let key = try PrivateKey(text: text, source: file)
    guard key.id == id else {
      throw CommandError(
        "\(file) holds the key of another identity, \(key.id)",
        advice: "Rename the file to the identity whose key it is.")
    }
    return key
  }

  /// Keeps a key.
  func add(_ key: PrivateKey) throws {
    do {
      try File.makePrivateDirectory(path)
      try File.replace("\(path)/\(key.id)", with: key.hexadecimal)
    } catch {
      throw CommandError(
        error.description, advice: "COLONIES_KEYCHAIN chooses another directory for private keys.")
    }
  }

  /// Forgets a key.
  func remove(_ id: String) throws {
    guard Identifier.isValid(id) else { return }
    do {
      try File.remove("\(path)/\(id)")
    } catch {
      throw CommandError(error.description)
    }
  }
}

extension PrivateKey {
  /// Reads a key as it stands in a file or a variable: a line end or spaces around it do not matter.
  /// - Parameter source: Where the text comes from, for the error. The text itself is never shown.
  init(text: String, source: String) throws {
    let digits = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    do {
      try self.init(hexadecimal: digits)
    } catch {
      let reason =
        switch error {
        case .notHexadecimal, .wrongLength:
          "a key has 64 hexadecimal digits; this text has \(digits.count) characters"
        case .outOfRange: "the number is not a key of the curve"
        }
      throw CommandError("\(source) does not hold a private key: \(reason)")
    }
  }
}
