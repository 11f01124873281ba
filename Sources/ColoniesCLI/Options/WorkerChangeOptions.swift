internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// What all commands take by which a colony's owner changes what a worker may do.
struct WorkerChangeOptions: ParsableArguments {
  @OptionGroup var worker: WorkerOptions
  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  /// Asks for the change, and says what the worker is now.
  func change(
    to state: String, in session: Session,
    _ request: (ColoniesClient, ExecutorReference, PrivateKey) async throws -> Void
  ) async throws {
    let key = try colony.key(session)
    let connection = try await session.connect(server, colony)
    let reference = try await worker.reference(connection, session, colony)
    try await worker.found { try await request(connection.client, reference, key) }
    try session.console.print("\(connection.vocabulary.worker(reference)) is now \(state)")
  }
}
