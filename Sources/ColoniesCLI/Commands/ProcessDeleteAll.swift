internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies process deleteall`
struct ProcessDeleteAll: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "deleteall", abstract: "Delete all processes of a colony, in every state.",
    discussion: """
      Needs the colony's key. There is no way back.

        colonies process deleteall --colonyid ID
      """, aliases: ["removeall"])

  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  func run(in session: Session) async throws {
    let key = try colony.key(session)
    let connection = try await session.connect(server, naming: colony)
    try await connection.client.removeAllProcesses(of: connection.colony, key: key)
    try session.console.print("Deleted all processes for Colony with Id <\(key.id)>")
  }
}
