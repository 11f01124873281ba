internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies runtime reject`
struct RuntimeReject: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Reject a runtime.",
    discussion: """
      Needs the colony's key. It may then do nothing any more, until it is approved.

        colonies runtime reject --runtimeid ID
      """)

  @OptionGroup var worker: WorkerOptions
  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  func run(in session: Session) async throws {
    let key = try colony.key(session)
    let connection = try await session.connect(server, colony)
    let reference = try await worker.reference(connection, session, colony)
    try await worker.found { try await connection.client.rejectExecutor(reference, key: key) }
    try session.console.print("\(connection.vocabulary.worker(reference)) is now rejected")
  }
}
