internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies process fail`
struct ProcessFail: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "fail", abstract: "Close a process as failed, as its worker does.",
    discussion: """
      Only the runtime that the process is assigned to may close it.

        colonies process fail --processid ID
        colonies process fail --processid ID --errors "the input is not a number"
      """)

  @OptionGroup var process: ProcessOptions

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Why it failed, for people; may be repeated. Executor API.", valueName: "text"))
  var errors: [String] = []

  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let id = try process.id()
    let (key, connection) = try await call.connect(session)
    if connection.api == .runtime, !errors.isEmpty {
      throw CommandError("servers of the runtime API do not take --errors")
    }
    try await process.found { try await connection.client.closeFailed(id: id, errors: errors, key: key) }
    try session.console.print("Process with Id <\(id)> closed as failed")
  }
}
