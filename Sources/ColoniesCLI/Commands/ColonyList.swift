internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies colony ls`
struct ColonyList: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List the server's colonies.",
    discussion: """
      Needs the server's key.

        colonies colony ls
      """)

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @OptionGroup var owner: ServerKeyOptions
  @OptionGroup var server: ServerOptions

  func run(in session: Session) async throws {
    let key = try owner.key(session)
    let connection = try await session.connect(server)
    let colonies = try await connection.client.colonies(key: key)
    if json {
      try session.console.print(JSONValue.array(colonies.map(\.json)).text(.indented(4)))
    } else {
      try session.console.write(ColonyTables.list(colonies))
    }
  }
}
