/// What an autoscaler costs while nothing changes.
struct IdleLoad: Sendable {
  let seconds: Double
  /// Requests to the API server in a minute, by method and resource.
  let apiRequests: [String: Double]
  /// Calls to the Colonies server in a minute.
  let queueCalls: Double
  /// Decisions in a minute. Each follows from a reading, so without sharing there would be as many calls.
  let decisions: Double
  /// Processor time, in cores. One reading of the status page is in it.
  let cores: Double
  /// Resident memory in bytes, in the end.
  let memory: Double
  /// The part of it that is in no file.
  let ownMemory: Int?
  /// The least bound of the histogram's buckets that 99 % of the decisions were not slower than, in seconds.
  let decisionBound: Double?

  var allAPIRequests: Double { apiRequests.values.reduce(0, +) }

  static func measure(_ autoscaler: AutoscalerProcess, window: Duration) async throws -> IdleLoad {
    typealias Process = AutoscalerProcess
    let first = try await autoscaler.scrape()
    let begin = ContinuousClock.now
    try await Task.sleep(for: window)
    let last = try await autoscaler.scrape()
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    func perMinute(_ name: String) -> Double {
      (last.sum(Process.prefix + name) - first.sum(Process.prefix + name)) * 60 / seconds
    }
    let requests = Process.prefix + "kubernetes_requests_total"
    let before = first.sums(requests, by: "method", "resource")
    let after = last.sums(requests, by: "method", "resource")
    let decisions = Process.prefix + "decision_seconds"
    return IdleLoad(
      seconds: seconds,
      apiRequests: Dictionary(
        uniqueKeysWithValues: after.compactMap { key, count in
          let new = count - (before[key] ?? 0)
          return new > 0 ? (key, new * 60 / seconds) : nil
        }),
      queueCalls: perMinute("colonies_requests_total"), decisions: perMinute("decisions_total"),
      cores: (last.sum("process_cpu_seconds_total") - first.sum("process_cpu_seconds_total")) / seconds,
      memory: last.sum("process_resident_memory_bytes"), ownMemory: Machine.ownMemory(of: autoscaler.pid),
      decisionBound: last.histogram(decisions).since(first.histogram(decisions)).bound(0.99))
  }
}
