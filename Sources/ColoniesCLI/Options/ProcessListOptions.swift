internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// What all commands that list processes take.
struct ProcessListOptions: ParsableArguments {
  @Option(help: "At most this many; servers allow 100.")
  var count = 10

  @OptionGroup var output: OutputOptions
  @OptionGroup var call: CallOptions

  func validate() throws {
    if count < 1 { throw ValidationError("--count must be 1 or more, found \(count)") }
  }

  /// Prints the processes of one state.
  func print(_ state: ProcessState, in session: Session) async throws {
    let readers = try call.runtime.readers(session, call.colony)
    // The runtime API has no such state.
    let api: API? = state == .cancelled ? .executor : nil
    let connection = try await session.connect(call.server, naming: call.colony, api: api)
    let query = ProcessQuery(colony: connection.colony, state: state, count: count)
    let processes = try await connection.firstAllowed(readers) {
      try await connection.client.processes(query, key: $0)
    }
    if output.json {
      let list = JSONValue.array(processes.map { $0.json(connection.api) })
      try session.console.print(list.text(.indented(4)))
    } else if processes.isEmpty {
      try session.console.print("No \(state.name.lowercased()) processes found")
    } else {
      let tables = ProcessTables(vocabulary: connection.vocabulary, zone: output.zone(session))
      try session.console.write(tables.list(processes, state))
    }
  }
}
