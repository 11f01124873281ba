internal import ArgumentParser
internal import ColoniesClient

/// `colonies runtime approve`
struct RuntimeApprove: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a runtime.",
    discussion: """
      Needs the colony's key. It may then take and submit processes.

        colonies runtime approve --runtimeid ID
      """)

  @OptionGroup var options: WorkerChangeOptions

  func run(in session: Session) async throws {
    try await options.change(to: "approved", in: session) { client, worker, key in
      try await client.approveExecutor(worker, key: key)
    }
  }
}
