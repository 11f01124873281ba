internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies attribute add`
struct AttributeAdd: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a result to a process, as its worker does, and print its id.",
    discussion: """
      Only the runtime that the process is assigned to may add attributes. There is no way to change one.

        colonies attribute add --processid ID --key result --value 55
      """)

  @OptionGroup var process: ProcessOptions

  @Option(help: "The attribute's name.")
  var key: String

  // A number may be negative, and a text may begin with a hyphen.
  @Option(parsing: .unconditional, help: "The attribute's text.")
  var value: String

  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let processID = try process.id()
    let (signer, connection) = try await call.connect(session)
    let attribute = Attribute(
      id: Attribute.id(process: processID, key: key, kind: .output, api: connection.api),
      processID: processID, colonyID: connection.colony.id, colonyName: connection.colony.name,
      kind: .output, key: key, value: value)
    let added = try await process.found {
      try await connection.client.addAttribute(attribute, key: signer)
    }
    try session.console.print(added.id)
  }
}
