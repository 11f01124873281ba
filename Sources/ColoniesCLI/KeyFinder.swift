internal import Colonies

/// Finds the private keys that commands sign with: in a file named by an option, in the environment, in the
/// keychain, in this order.
struct KeyFinder: Sendable {
  let environment: EnvironmentVariables
  let keychain: Keychain

  /// The identity that the user named: by an option, or else by a variable.
  func id(_ role: KeyRole, option: String?) throws -> String? {
    if let option { return try Identifier.checked(option, role.name, from: role.idOptions[0]) }
    guard let variable = environment.first(role.idVariables) else { return nil }
    return try Identifier.checked(variable.value, role.name, from: variable.name)
  }

  /// The key of a role.
  /// - Throws: `CommandError` when there is none, saying where one was looked for and how to get one.
  func key(_ role: KeyRole, id: String?, file: String?) throws -> PrivateKey {
    if let key = try existingKey(role, id: id, file: file) { return key }
    throw missing(role, id: try self.id(role, option: id))
  }

  /// The key of a role, or nil when there is none.
  /// - Parameters:
  ///   - id: The identity that an option names.
  ///   - file: The file that an option names.
  /// - Throws: `CommandError` when a key was given that cannot be used.
  func existingKey(_ role: KeyRole, id option: String?, file: String?) throws -> PrivateKey? {
    if let file {
      let key = try read(file)
      if let option, key.id != option {
        throw CommandError("\(file) holds the key of \(key.id), not of \(role.idOptions[0]) \(option)")
      }
      return key
    }
    let wanted = try id(role, option: option)
    for variable in role.keyVariables {
      guard let key = try key(variable: variable) else { continue }
      // Another identity may have been named for just this command: its key is in the keychain.
      if wanted == nil || key.id == wanted { return key }
    }
    return try wanted.flatMap { try keychain.key(of: $0) }
  }

  /// The keys that may read what belongs to a colony: a runtime's and the owner's, as far as they are there.
  /// - Throws: `CommandError` when there is neither.
  func readers(runtimeID: String? = nil, runtimeFile: String? = nil, colony: ColonyOptions) throws
    -> [PrivateKey]
  {
    let readers = [
      try existingKey(.runtime, id: runtimeID, file: runtimeFile),
      try existingKey(.colony, id: colony.id, file: colony.keyFile),
    ].compactMap(\.self)
    return readers.isEmpty ? [try key(.runtime, id: runtimeID, file: runtimeFile)] : readers
  }

  private func key(variable: String) throws -> PrivateKey? {
    if let text = environment[variable] { return try PrivateKey(text: text, source: variable) }
    if let file = environment[variable + "_FILE"] { return try read(file) }
    return nil
  }

  private func read(_ path: String) throws -> PrivateKey {
    let text = String(decoding: try InputFile(path: path).read(), as: UTF8.self)
    return try PrivateKey(text: text, source: path)
  }

  /// Why there is no key for a role.
  private func missing(_ role: KeyRole, id: String?) -> CommandError {
    let variables = role.keyVariables.joined(separator: " or ")
    guard let id else {
      return CommandError(
        "this needs the key of a \(role.name), and no \(role.name) is named", advice: Self.beginnings(role))
    }
    let other = role.keyVariables.first { environment[$0] != nil || environment[$0 + "_FILE"] != nil }
    return CommandError(
      "there is no private key of \(role.name) \(id): not in the keychain \(keychain.path)"
        + (other.map { ", and \($0) is the key of another one" } ?? ", and \(variables) is not set"),
      advice: Self.beginnings(role))
  }

  /// How a user comes by a key of a role.
  private static func beginnings(_ role: KeyRole) -> String {
    switch role {
    case .runtime:
      """
      Register a runtime of the colony first, and name it:
        export RUNTIMEID=$(colonies runtime register --name cli --type cli --approve)
      With the embedded server, this sets up all there is to set up: eval "$(colonies dev)"
      """
    case .colony:
      """
      Register a colony first, and name it:
        export COLONYID=$(colonies colony register --name NAME)
      or, when you have its key, set COLONYPRVKEY_FILE or COLONYPRVKEY. With the embedded server, this sets up
      all there is to set up: eval "$(colonies dev)"
      """
    case .server:
      """
      Set SERVERID and SERVERPRVKEY_FILE to the server's id and to the file with its key. With the embedded
      server, this sets up all there is to set up: eval "$(colonies dev)"
      """
    }
  }
}
