import KubernetesClient
import TestSupport

/// How long it takes from the submission of a process until the Deployment is to have a replica more.
struct SubmitLatency: Sendable {
  /// One for each submission, in their order.
  let times: [Duration]

  /// Submits processes one after the other, at phases of the poll interval that are spread evenly over it and
  /// come in a random order.
  static func measure(_ cluster: BenchCluster, _ plan: BenchPlan) async throws -> SubmitLatency {
    let count = plan.submissions
    return try await within(.seconds(15) * count, "\(count) submissions are followed") {
      var generator = SplitMix64(seed: plan.seed)
      let phases = (0..<count).shuffled(using: &generator).map { step in
        (Double(step) + Double.random(in: 0..<1, using: &generator)) / Double(count)
      }
      var changes = try await cluster.changes()
      var times: [Duration] = []
      for (index, phase) in phases.enumerated() {
        // The change before this one came a fixed time after a poll, so the phase counts from there.
        try await Task.sleep(for: BenchPlan.pollInterval * phase)
        let begin = ContinuousClock.now
        try await cluster.colonies[0].submit()
        while try await changes.next().replicas != index + 1 {}
        times.append(ContinuousClock.now - begin)
      }
      return SubmitLatency(times: times)
    }
  }
}
