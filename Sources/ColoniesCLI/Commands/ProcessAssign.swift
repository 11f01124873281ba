internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies process assign`
struct ProcessAssign: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "assign", abstract: "Take the next process for a runtime, as a worker does.",
    discussion: """
      The process is then the runtime's to close. When there is none, the exit code is 3.

        colonies process assign --runtimeid ID
        colonies process assign --timeout 10 --json
      """)

  /// Neither success nor failure: scripts that take processes in a loop can tell it from both.
  private static let nothingAssigned = ExitCode(3)

  @Option(
    help: ArgumentHelp(
      "Wait this long for a process. Servers of the runtime API do not wait.", valueName: "seconds"))
  var timeout: Int?

  @Flag(help: "Print the process as JSON.")
  var json = false

  @OptionGroup var call: CallOptions

  func validate() throws {
    if let timeout, timeout < 1 { throw ValidationError("--timeout must be 1 or more, found \(timeout)") }
  }

  func run(in session: Session) async throws {
    let key = try call.runtime.key(session)
    let connection = try await session.connect(call.server, naming: call.colony)
    do {
      let process = try await connection.client.assign(
        colony: connection.colony, timeout: timeout, key: key)
      try session.console.print(
        json
          ? process.json(connection.api).text(.indented(4))
          : "Process with Id <\(process.id)> was assigned to \(connection.vocabulary.worker) with Id <\(key.id)>"
      )
    } catch let error as ColoniesError where error.code == .queueEmpty {
      let answer = "No process was assigned"
      if json { session.console.note(answer) } else { try session.console.print(answer) }
      throw Self.nothingAssigned
    }
  }
}
