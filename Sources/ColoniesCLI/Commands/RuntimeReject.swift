internal import ArgumentParser
internal import ColoniesClient

/// `colonies runtime reject`
struct RuntimeReject: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Reject a runtime.",
    discussion: """
      Needs the colony's key. It may then do nothing any more, until it is approved.

        colonies runtime reject --runtimeid ID
      """)

  @OptionGroup var options: WorkerChangeOptions

  func run(in session: Session) async throws {
    try await options.change(to: "rejected", in: session) { client, worker, key in
      try await client.rejectExecutor(worker, key: key)
    }
  }
}
