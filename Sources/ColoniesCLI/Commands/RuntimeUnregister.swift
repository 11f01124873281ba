internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies runtime unregister`
struct RuntimeUnregister: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "unregister", abstract: "Remove a runtime from its colony.",
    discussion: """
      Needs the colony's key. Its running processes go back to the queue on servers that enforce leases.

        colonies runtime unregister --runtimeid ID
      """, aliases: ["remove"])

  @OptionGroup var worker: WorkerOptions
  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  func run(in session: Session) async throws {
    let key = try colony.key(session)
    let connection = try await session.connect(server, colony)
    let reference = try await worker.reference(connection, session, colony)
    try await worker.found { try await connection.client.removeExecutor(reference, key: key) }
    try session.console.print("\(connection.vocabulary.worker(reference)) is now unregistered")
  }
}
