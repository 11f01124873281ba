import KubernetesClient
import TestSupport

/// What happens when every queue gets work at the same moment.
struct Burst: Sendable {
  /// From before the first submission until each Deployment was seen to have its replicas, in order of time.
  let times: [Duration]
  /// The bound of the histogram's buckets for 99 % of the times from a reading to its change, in seconds.
  let readingToChangeBound: Double?
  /// The same for the decisions, whose time has the wait for the client's own rate limit in it.
  let decisionBound: Double?
  /// Decisions that could not be carried out, by reason; each is tried again at the next poll.
  let targetErrors: [String: Double]
  /// Lines of the log that are warnings or errors.
  let troubles: Int
  /// Requests to the API server.
  let apiRequests: Double
  /// The most memory that the process ever had resident, in bytes.
  let peakMemory: Int?

  static func measure(_ autoscaler: AutoscalerProcess, _ cluster: BenchCluster) async throws -> Burst {
    typealias Process = AutoscalerProcess
    let first = try await autoscaler.scrape()
    let troubles = autoscaler.troubles
    let times = try await within(.seconds(120), "all Deployments have their replicas") {
      var changes = try await cluster.changes()
      let begin = ContinuousClock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for colony in cluster.colonies { group.addTask { try await colony.submit() } }
        try await group.waitForAll()
      }
      var times: [String: Duration] = [:]
      while times.count < cluster.scalers {
        let deployment = try await changes.next()
        guard deployment.replicas == 1, times[deployment.metadata.name] == nil else { continue }
        times[deployment.metadata.name] = ContinuousClock.now - begin
      }
      return times.values.sorted()
    }
    // The last answers are still on their way to the autoscaler.
    try await Task.sleep(for: .seconds(1))
    let last = try await autoscaler.scrape()
    func bound(_ name: String) -> Double? {
      last.histogram(Process.prefix + name).since(first.histogram(Process.prefix + name)).bound(0.99)
    }
    let errors = Process.prefix + "target_errors_total"
    let before = first.sums(errors, by: "code")
    let requests = Process.prefix + "kubernetes_requests_total"
    return Burst(
      times: times, readingToChangeBound: bound("reading_to_change_seconds"),
      decisionBound: bound("decision_seconds"),
      targetErrors: last.sums(errors, by: "code").reduce(into: [:]) { new, error in
        let count = error.value - (before[error.key] ?? 0)
        if count > 0 { new[error.key] = count }
      },
      troubles: autoscaler.troubles - troubles, apiRequests: last.sum(requests) - first.sum(requests),
      peakMemory: Machine.peakMemory(of: autoscaler.pid))
  }
}
