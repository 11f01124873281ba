internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies dev`
struct Dev: SessionCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prepare everything for trying things on this machine's embedded server.",
    discussion: """
      Prints the environment that the other commands need: the server's address, a colony named dev, and an \
      approved runtime named cli, all made when they do not exist yet. The keys are kept in the keychain. Tell \
      your shell to take it over:

        colonies server start &
        eval "$(colonies dev)"
        colonies colony status
      """)

  @Option(
    help: ArgumentHelp(
      "The data directory of the embedded server. (default: ~/.colonies/server)", valueName: "directory"))
  var dataDir: String?

  @Option(help: "The colony's name.")
  var name = "dev"

  func run(in session: Session) async throws {
    let server = EmbeddedServer(directory: dataDir ?? session.environment.home + "/.colonies/server")
    let settings = try server.settings(session.environment)
    let serverKey = try server.key()
    do {
      // This API lets the colony's owner list its runtimes; the embedded server has both.
      let client = ColoniesClient(
        endpoint: settings.endpoint, transport: try session.transport(settings), api: .runtime)
      let colonyKey = try await colonyKey(client, serverKey, session)
      let runtimeKey = try await runtimeKey(client, colonyKey, session)
      try session.keychain.add(serverKey)
      try session.console.write(
        exports(settings.endpoint, server: serverKey, colony: colonyKey, runtime: runtimeKey))
    } catch let error as ColoniesError where error.code == .unreachable {
      throw CommandError(
        "the embedded server of \(server.directory) does not run: \(error.message)",
        advice: "Start it: \(server.startCommand)")
    }
    if session.console.outputIsTerminal {
      session.console.note(#"To set these variables in this shell: eval "$(colonies dev)""#)
    }
  }

  private func colonyKey(
    _ client: ColoniesClient, _ serverKey: PrivateKey, _ session: Session
  ) async throws -> PrivateKey {
    let named = try await client.colonies(key: serverKey).filter { $0.name == name }
    for colony in named {
      if let key = try session.keychain.key(of: colony.id) { return key }
    }
    guard named.isEmpty else {
      throw CommandError(
        "the server has a colony named \"\(name)\", but its key is not in the keychain \(session.keychain.path)",
        advice: "Use another one: colonies dev --name \(name)2")
    }
    return try await registered(session) { id in
      _ = try await client.addColony(Colony(id: id, name: name), key: serverKey)
    }
  }

  private func runtimeKey(
    _ client: ColoniesClient, _ colonyKey: PrivateKey, _ session: Session
  ) async throws -> PrivateKey {
    let colony = ColonyReference(id: colonyKey.id, name: name)
    let all = try await client.executors(of: colony, key: colonyKey).filter { $0.state != .unregistered }
    let existing = try all.filter { $0.type == "cli" }.compactMap { runtime in
      try session.keychain.key(of: runtime.id).map { (runtime: runtime, key: $0) }
    }.first
    if let existing, existing.runtime.state == .approved { return existing.key }
    // Names are unique within a colony.
    let cliName = all.contains { $0.name == "cli" } ? "cli-\(SecureRandom.identifier().prefix(8))" : "cli"
    let name = existing?.runtime.name ?? cliName
    let key: PrivateKey
    if let existing {
      key = existing.key
    } else {
      key = try await registered(session) { id in
        let runtime = Executor(id: id, type: "cli", name: name, colonyID: colony.id, colonyName: colony.name)
        _ = try await client.addExecutor(runtime, key: colonyKey)
      }
    }
    try await client.approveExecutor(
      ExecutorReference(id: key.id, name: name, colony: colony), key: colonyKey)
    return key
  }

  private func registered(
    _ session: Session, _ register: (String) async throws -> Void
  ) async throws -> PrivateKey {
    let id = try await NewIdentity(session).register(register)
    return try session.keys.key(.runtime, id: id, file: nil)
  }

  private func exports(
    _ endpoint: Endpoint, server: PrivateKey, colony: PrivateKey, runtime: PrivateKey
  ) -> String {
    [
      ("COLONIES_SERVER_HOST", endpoint.host), ("COLONIES_SERVER_PORT", String(endpoint.port)),
      ("COLONIES_TLS", String(endpoint.usesTLS)),
      // The tutorial's tables are of this API; with both names of the colony known, the server would be asked.
      ("COLONIES_API", API.runtime.rawValue), ("SERVERID", server.id), ("COLONYID", colony.id),
      ("COLONIES_COLONY_NAME", name), ("COLONYPRVKEY", colony.hexadecimal),
      ("COLONIES_COLONY_PRVKEY", colony.hexadecimal), ("RUNTIMEID", runtime.id),
      ("RUNTIMEPRVKEY", runtime.hexadecimal), ("COLONIES_PRVKEY", runtime.hexadecimal),
    ].map { "export \($0.0)=\(Self.quoted($0.1))\n" }.joined()
  }

  /// A word of the shell's language.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":")
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
