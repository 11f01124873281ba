internal import Autoscaling
internal import AutoscalerController
internal import Simulation
internal import SimulationReport
internal import WorkloadHistory
internal import Workloads

/// A workload that was read, and how it is simulated.
struct Rehearsal: Sendable {
  let name: String
  /// What there is to say about the workload.
  let assumptions: [SimulationReport.Assumption]
  let run: RehearsalRun
  let seed: UInt64
}

extension ColoniesAutoscaler.Simulate {
  /// Reads the workload, goes through it once, and says on standard error what is wrong with it.
  func prepared(_ scaler: ScalerConfiguration?) async throws -> Rehearsal {
    if let time = workload.history {
      guard let scaler else { throw complaint("--history needs --config, for the server and the key\n") }
      let history = try await workload.history(time, of: scaler)
      return try prepared(
        "history of \(scaler.name)", history.processes, begins: history.begins, seed: seed ?? 1,
        notes: history.coverage.map { .init("history", $0) })
    }
    let file = workload.workload ?? ""
    var described: Workload
    do {
      described = try Workload(file: file)
    } catch {
      throw complaint("\(error)\n")
    }
    if let seed { described.seed = seed }
    if let duration = workload.duration { described.duration = duration }
    return try prepared(
      described.name, described, begins: described.begins, seed: described.seed,
      notes: [.init("seed", "\(described.seed)")])
  }

  private func prepared(
    _ name: String, _ processes: some SimulatedWorkload, begins: Duration, seed: UInt64,
    notes: [SimulationReport.Assumption]
  ) throws -> Rehearsal {
    let summary: WorkloadSummary
    do {
      summary = try WorkloadSummary(processes, executorType: workload.executorType)
    } catch {
      throw complaint("\(error)\n")
    }
    guard summary.count > 0 else {
      let types = summary.executorTypes.sorted().joined(separator: ", ")
      throw complaint(
        "\(name) has no processes"
          + (types.isEmpty ? "" : " of type \(workload.executorType ?? ""); it has \(types)")
          + "\n")
    }
    var simulation = clusterModel.simulation(seed: seed)
    simulation.executorType = workload.executorType
    simulation.beginsAt = begins
    return Rehearsal(
      name: name, assumptions: [summary.assumption] + notes + types(summary),
      run: RehearsalRun(simulation: simulation, workload: processes, length: summary.length), seed: seed)
  }

  private func types(_ summary: WorkloadSummary) -> [SimulationReport.Assumption] {
    guard workload.executorType == nil, summary.executorTypes.count > 1 else { return [] }
    let types = summary.executorTypes.sorted().joined(separator: ", ")
    return [
      .init("types", "processes of \(summary.executorTypes.count) types (\(types)) are taken as one queue")
    ]
  }
}

extension WorkloadSummary {
  fileprivate var assumption: SimulationReport.Assumption {
    var parts = ["\(count) processes in \(length.spelledOut)"]
    if let meanServiceTime {
      parts.append("\(Rounded.text(meanServiceTime / .seconds(1))) s of work each on average")
    }
    if let meanLoad { parts.append("a mean load of \(Rounded.text(meanLoad)) workers") }
    return .init("workload", parts.joined(separator: ", "))
  }
}
