internal import ArgumentParser
internal import AutoscalerController

@main
struct ColoniesAutoscaler: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colonies-autoscaler",
    abstract: "Run as many workers as a Colonies queue needs.",
    discussion: """
      Asks Colonies servers how many processes are waiting and running, and sets the
      number of workers accordingly. Every change is explained in the log, and every
      new reason why nothing changes.

      \(configurationHelp)
      """,
    version: version,
    subcommands: [Run.self, Plan.self, Simulate.self, Explain.self, Replay.self, Validate.self, RBAC.self])

  static let version = "0.1.0"

  static let configurationHelp = """
    CONFIGURATION (YAML; relative paths are relative to the file's folder)

    \(AutoscalerConfiguration.example.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n"))
    Durations: 250ms, 30s, 5m, 1h30m. Unknown keys, wrong types and impossible
    values are refused, all at once, each with file, line, column and what was
    expected.
    """
}
