internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies process cancel`
struct ProcessCancel: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a process that has not ended (executor API).",
    discussion: """
      A waiting process leaves the queue; the worker of a running one can no longer close it.

        colonies process cancel --processid ID
      """)

  @OptionGroup var process: ProcessOptions
  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let id = try process.id()
    // Only this API has the request, and it needs nothing else of it.
    let (key, connection) = try await call.connect(session, api: .executor)
    try await process.found { try await connection.client.cancelProcess(id: id, key: key) }
    try session.console.print("Process with Id <\(id)> cancelled")
  }
}
