internal import ArgumentParser
internal import ColoniesClient

/// `colonies runtime unregister`
struct RuntimeUnregister: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "unregister", abstract: "Remove a runtime from its colony.",
    discussion: """
      Needs the colony's key. Its running processes go back to the queue on servers that enforce leases.

        colonies runtime unregister --runtimeid ID
      """, aliases: ["remove"])

  @OptionGroup var options: WorkerChangeOptions

  func run(in session: Session) async throws {
    try await options.change(to: "unregistered", in: session) { client, worker, key in
      try await client.removeExecutor(worker, key: key)
    }
  }
}
