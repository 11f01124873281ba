internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies runtime approve`
struct RuntimeApprove: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a runtime.",
    discussion: """
      Needs the colony's key. It may then take and submit processes.

        colonies runtime approve --runtimeid ID
      """)

  @OptionGroup var worker: WorkerOptions
  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  func run(in session: Session) async throws {
    let key = try colony.key(session)
    let connection = try await session.connect(server, colony)
    let reference = try await worker.reference(connection, session, colony)
    try await worker.found { try await connection.client.approveExecutor(reference, key: key) }
    try session.console.print("\(connection.vocabulary.worker(reference)) is now approved")
  }
}
