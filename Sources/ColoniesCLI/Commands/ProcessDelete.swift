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
  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let id = try process.id()
    let (key, connection) = try await call.connect(session)
    try await process.found { try await connection.client.removeProcess(id: id, key: key) }
    try session.console.print("Process with Id <\(id)> deleted")
  }
}
