internal import ArgumentParser
internal import ColoniesClient

/// The process that a command is about.
struct ProcessOptions: ParsableArguments {
  @Option(
    name: [.customLong("processid"), .customShort("p")],
    help: ArgumentHelp("The process's id.", valueName: "id"))
  var processID: String

  /// The id.
  /// - Throws: `CommandError` for a text that cannot be one.
  func id() throws -> String { try Identifier.checked(processID, "process", from: "--processid") }

  /// Does something with the process.
  /// - Throws: `CommandError` when the server does not know the process.
  func found<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
    do {
      return try await body()
    } catch let error as ColoniesError where error.code == .notFound {
      throw CommandError(
        "Process not found: \(processID)",
        advice:
          "`colonies process psw`, ps, pss and psf list the waiting, running, successful and failed ones.")
    }
  }
}
