internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies runtime ls`
struct RuntimeList: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List a colony's runtimes.",
    discussion: """
        colonies runtime ls
        colonies executor ls --json
      """)

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let readers = try call.runtime.readers(session, call.colony)
    let connection = try await session.connect(call.server, naming: call.colony)
    let executors = try await connection.firstAllowed(readers) {
      try await connection.client.executors(of: connection.colony, key: $0)
    }
    if json {
      let list = JSONValue.array(executors.map { $0.json(connection.api) })
      try session.console.print(list.text(.indented(4)))
    } else {
      try session.console.write(ColonyTables.list(executors))
    }
  }
}
