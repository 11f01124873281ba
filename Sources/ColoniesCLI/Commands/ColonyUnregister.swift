internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies colony unregister`
struct ColonyUnregister: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "unregister", abstract: "Remove a colony from the server.",
    discussion: """
      Needs the server's key. Its key stays in the keychain.

        colonies colony unregister --colonyid ID
      """, aliases: ["remove"])

  @OptionGroup var colony: ColonyOptions
  @OptionGroup var owner: ServerKeyOptions
  @OptionGroup var server: ServerOptions

  func validate() throws {
    // A variable that happens to be set is not enough to remove a colony.
    if colony.id == nil, colony.name == nil {
      throw ValidationError("Missing expected argument '--colonyid <id>'")
    }
  }

  func run(in session: Session) async throws {
    let key = try owner.key(session)
    let named = ColonyReference(
      id: try colony.id.map { try Identifier.checked($0, "colony", from: "--colonyid") } ?? "",
      name: colony.name ?? "")
    let connection = try await session.connect(server)
    // The two APIs name it differently; the list has both names.
    let found = try await connection.client.colonies(key: key).filter {
      (named.id.isEmpty || $0.id == named.id) && (named.name.isEmpty || $0.name == named.name)
    }
    guard let only = found.first else {
      throw CommandError(
        "the server has no colony \(named.id.isEmpty ? "named \"\(named.name)\"" : named.id)",
        advice: "`colonies colony ls` lists its colonies.")
    }
    guard found.count == 1 else {
      throw CommandError(
        "the server has \(found.count) colonies named \"\(only.name)\"", advice: "Name one by --colonyid.")
    }
    try await connection.client.removeColony(ColonyReference(id: only.id, name: only.name), key: key)
    try session.console.print("Colony with Id <\(only.id)> was successfully unregistered")
  }
}
