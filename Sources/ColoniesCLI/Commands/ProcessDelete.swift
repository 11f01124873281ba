internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies process delete`
struct ProcessDelete: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a process with all that is known about it.",
    discussion: """
        colonies process delete --processid ID
      """, aliases: ["remove"])

  @OptionGroup var process: ProcessOptions
  @OptionGroup var runtime: RuntimeKeyOptions
  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  func run(in session: Session) async throws {
    let id = try process.id()
    let key = try runtime.key(session)
    let connection = try await session.connect(server, colony)
    try await process.found { try await connection.client.removeProcess(id: id, key: key) }
    try session.console.print("Process with Id <\(id)> deleted")
  }
}
