internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies attribute get`
struct AttributeGet: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Show an attribute.",
    discussion: """
        colonies attribute get --attributeid ID
      """)

  @Option(name: .customLong("attributeid"), help: ArgumentHelp("The attribute's id.", valueName: "id"))
  var attributeID: String

  @Flag(help: "Show a long value whole.")
  var full = false

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let id = try Identifier.checked(attributeID, "attribute", from: "--attributeid")
    let (key, connection) = try await call.connect(session)
    let attribute: Attribute
    do {
      attribute = try await connection.client.attribute(id: id, key: key)
    } catch {
      guard error.code == .notFound else { throw error }
      throw CommandError(
        "Attribute not found: \(id)", advice: "`colonies process get` shows the attributes of a process.")
    }
    if json {
      try session.console.print(attribute.json(connection.api).text(.indented(4)))
    } else {
      let tables = ProcessTables(vocabulary: connection.vocabulary, zone: session.zone)
      try session.console.write(tables.details(attribute, abridged: !full))
    }
  }
}
