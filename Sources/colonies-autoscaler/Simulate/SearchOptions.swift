internal import ArgumentParser
internal import PolicySearch

/// Whether settings are looked for, and which.
struct SearchOptions: ParsableArguments {
  @Flag(help: "Look for the settings that reach the objectives at the least cost.")
  var search = false

  @Option(
    help: ArgumentHelp(
      "What has to be reached, like 'p95 wait <= 30s' or 'changes <= 2000'; more than once for several.",
      valueName: "objective"), transform: OptionText.objective)
  var objective: [SearchObjective] = []

  @Option(help: ArgumentHelp("How many policies to simulate at most.", valueName: "number"))
  var simulations = 300

  func validate() throws {
    if search, objective.isEmpty {
      throw ValidationError("--search needs an --objective, like --objective 'p95 wait <= 30s'.")
    }
    if !search, !objective.isEmpty { throw ValidationError("--objective is for --search.") }
    guard (1...100_000).contains(simulations) else {
      throw ValidationError("--simulations must be from 1 to 100000.")
    }
  }
}
