internal import ArgumentParser
internal import Autoscaling
internal import AutoscalerController
internal import JSON
internal import PolicySearch
internal import Simulation
internal import SimulationReport

extension ColoniesAutoscaler.Simulate {
  /// Looks for settings and prints them, beside the present ones and others' policies.
  func propose(_ rehearsal: Rehearsal, base: ScalingPolicy, _ own: [RehearsedPolicy]) async throws {
    let found = try await found(rehearsal, base)
    let best = RehearsedPolicy(name: "proposed", policy: found.best.policy, rules: found.best.policy.rules)
    let report = try await report(rehearsal, [best] + own + policies.rivals(beside: base))
    try write(report)
    switch output {
    case .text: print([proposal(found), report.text, comparison(report)].joined(separator: "\n\n"))
    case .json: print(json(found, report).text(.indented(2)))
    }
    if !found.best.isMet { throw ExitCode(2) }
  }

  private func found(_ rehearsal: Rehearsal, _ base: ScalingPolicy) async throws -> PolicySearch.Result {
    let progress = ProgressBar("searching", parts: search.simulations)
    defer { progress.end() }
    let policySearch = PolicySearch(
      base: base, objectives: search.objective, budget: search.simulations, seed: rehearsal.seed)
    var simulated = 0
    do {
      return try await policySearch.run { policies in
        defer { simulated += policies.count }
        return try await rehearsal.run.outcomes(
          policies.map { PolicyAutoscaler(name: "searched", policy: $0) }, progress, firstPart: simulated)
      }
    } catch {
      throw complaint("\(error)\n")
    }
  }

  private var objectives: String { search.objective.map(\.text).joined(separator: ", ") }

  private func proposal(_ found: PolicySearch.Result) -> String {
    let settings = found.best.policy.searchedSettings.split(separator: "\n").map { "  \($0)" }
    let title =
      found.best.isMet
      ? "The least cost found for \(objectives), in \(found.simulated) simulations:"
      : "Nothing that reaches \(objectives) was found in \(found.simulated) simulations. The nearest:"
    return ([title, ""] + settings).joined(separator: "\n")
  }

  /// What each of the others would have cost.
  private func comparison(_ report: SimulationReport) -> String {
    let own = report.entries.first?.outcome.cost
    return report.entries.dropFirst().map { entry in
      let outcome = entry.outcome
      guard let cost = outcome.cost, let own, own > 0 else { return "\(outcome.name): nothing was done" }
      let share = Int(((cost / own - 1) * 100).rounded())
      let difference = share == 0 ? "as much" : share > 0 ? "\(share) % more" : "\(-share) % less"
      let missed = search.objective.filter { !$0.isMet(by: outcome) }.map(\.text)
      let verdict = missed.isEmpty ? "reaches the objectives" : "misses \(missed.joined(separator: ", "))"
      let killed = outcome.busyKilled > 0 ? ", and kills \(outcome.busyKilled) busy workers" : ""
      return "\(outcome.name) would have cost \(difference); it \(verdict)\(killed)."
    }.joined(separator: "\n")
  }

  private func json(_ found: PolicySearch.Result, _ report: SimulationReport) -> JSONValue {
    let policy = found.best.policy
    return [
      "search": [
        "objectives": .strings(search.objective.map(\.text)), "isMet": .bool(found.best.isMet),
        "simulations": .integer(found.simulated),
        "settings": [
          "processesPerReplica": .integer(policy.processesPerReplica), "min": .integer(policy.min),
          "max": .integer(policy.max), "pollIntervalSeconds": .double(policy.pollInterval / .seconds(1)),
          "scaleUpStabilizationWindowSeconds": .double(
            (policy.scaleUp.stabilizationWindow ?? .zero) / .seconds(1)),
          "scaleUpTolerance": .double(policy.scaleUp.tolerance),
          "scaleDownIdleForSeconds": .double(policy.scaleDown.idleFor / .seconds(1)),
          "scaleDownTolerance": .double(policy.scaleDown.behavior.tolerance),
        ],
      ], "report": report.json,
    ]
  }
}
