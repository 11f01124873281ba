internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies process get`
struct ProcessGet: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Show a process, or only its result.",
    discussion: """
        colonies process get --processid ID
        colonies process get --processid ID --result > result.txt

      The tables show of values of more than 1,000 characters only the beginning, the end and the length; \
      --full shows them whole.
      """)

  @OptionGroup var process: ProcessOptions

  @Flag(name: [.long, .customLong("output-only")], help: "Print only the result, whole, without a table.")
  var result = false

  @Flag(help: "Show long values whole.")
  var full = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var call: CallOptions

  func validate() throws {
    if result && output.json { throw ValidationError("--result and --json exclude each other") }
  }

  func run(in session: Session) async throws {
    let id = try self.process.id()
    let (key, connection) = try await call.connect(session)
    let process = try await self.process.found { try await connection.client.process(id: id, key: key) }
    if result {
      try session.console.print(try finishedResult(process))
    } else if output.json {
      try session.console.print(process.json(connection.api).text(.indented(4)))
    } else {
      let tables = ProcessTables(vocabulary: connection.vocabulary, zone: output.zone(session))
      try session.console.write(tables.details(process, abridged: !full))
    }
  }

  private func finishedResult(_ process: Colonies.Process) throws -> String {
    if process.state == .failed || process.state == .cancelled { throw CommandError(process.failure) }
    if let result = process.result { return result }
    throw CommandError(
      process.state == .successful
        ? "process \(process.id) ended without a result"
        : "process \(process.id) has no result yet: it is \(process.state.name.lowercased())")
  }
}
