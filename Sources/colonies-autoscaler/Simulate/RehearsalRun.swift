internal import Simulation

/// Simulates a workload under several policies.
struct RehearsalRun: Sendable {
  let simulation: Simulation
  let workload: any SimulatedWorkload
  /// The last submission, by which progress is measured.
  let length: Duration

  /// Simulates as many at a time as there are processors; the outcomes are in the order of the models.
  /// - Parameter firstPart: The part of the progress that the first model is.
  func outcomes(
    _ models: [any AutoscalerModel], _ progress: ProgressBar, firstPart: Int = 0
  ) async throws -> [SimulationOutcome] {
    try await withThrowingTaskGroup(of: (Int, SimulationOutcome).self) { group in
      for (index, model) in models.enumerated() {
        group.addTask {
          let outcome = try simulation.run(
            workload, model,
            progress: { reached in
              guard length > .zero else { return }
              progress.advance(firstPart + index, to: reached.reached / length)
            })
          progress.advance(firstPart + index, to: 1)
          return (index, outcome)
        }
      }
      var outcomes: [Int: SimulationOutcome] = [:]
      for try await (index, outcome) in group { outcomes[index] = outcome }
      return models.indices.compactMap { outcomes[$0] }
    }
  }
}
