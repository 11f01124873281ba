internal import ArgumentParser

/// Which processes a simulation has.
struct WorkloadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The workload: a table of processes (*.csv), or a description of tables and generators in YAML.",
      valueName: "file"))
  var workload: String?

  @Option(
    help: ArgumentHelp(
      "Instead of a file: what the server of the first scaler remembers of its own processes of so long ago.",
      valueName: "duration"), transform: OptionText.duration)
  var history: Duration?

  @Option(
    help: ArgumentHelp("Keep the history as a table, to use it again with --workload.", valueName: "file"))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Only the first part of the workload; generators go on for so long.", valueName: "duration"),
    transform: OptionText.duration)
  var duration: Duration?

  @Option(
    help: ArgumentHelp(
      "Only processes for this type of worker. Default: all, as one queue.", valueName: "type"))
  var executorType: String?

  func validate() throws {
    if (workload == nil) == (history == nil) {
      throw ValidationError("Say what to simulate: either --workload FILE or --history DURATION.")
    }
    if save != nil, history == nil { throw ValidationError("--save is for --history.") }
    if let duration, duration <= .zero { throw ValidationError("--duration must be more than 0s.") }
    if let history, history < .seconds(1) { throw ValidationError("--history must be at least 1s.") }
  }
}
