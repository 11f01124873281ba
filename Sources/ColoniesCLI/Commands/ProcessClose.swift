internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies process close`
struct ProcessClose: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close a process as successful, as its worker does.",
    discussion: """
      Only the runtime that the process is assigned to may close it. Results are attributes, added before:

        colonies attribute add --processid ID --key result --value 55
        colonies process close --processid ID
      """)

  @OptionGroup var process: ProcessOptions

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("An output of the process; may be repeated. Executor API.", valueName: "text"))
  var out: [String] = []

  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let id = try process.id()
    let (key, connection) = try await call.connect(session)
    if connection.api == .runtime, !out.isEmpty {
      throw CommandError(
        "servers of the runtime API do not take --out",
        advice:
          "Add the result as an attribute: colonies attribute add --processid \(id) --key result --value …")
    }
    let output = out.isEmpty ? nil : out.map(JSONValue.string)
    try await process.found {
      try await connection.client.closeSuccessful(id: id, output: output, key: key)
    }
    try session.console.print("Process with Id <\(id)> closed as successful")
  }
}
