internal import ArgumentParser

/// `colonies function …`: what the executor API's command line calls submitting a process.
struct FunctionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "function", abstract: "Submit function specs: the same as process submit.",
    subcommands: [ProcessSubmit.self])
}
