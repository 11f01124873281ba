import Glibc
import KubernetesTestSupport
import TestSupport

/// The measurements, one after the other.
struct Bench: Sendable {
  let plan: BenchPlan
  let server: APIServer
  /// The programs.
  let colonies: String
  let autoscaler: String

  /// What was measured with a number of scalers.
  struct Result: Sendable {
    let scalers: Int
    let colonies: Int
    let idle: IdleLoad
    /// With several scalers.
    let burst: Burst?
  }

  /// Everything that was measured.
  struct Results: Sendable {
    /// With a single scaler.
    var latency: SubmitLatency?
    var sizes: [Result] = []
  }

  func run() async throws -> Results {
    let directory = TemporaryDirectory()
    let queue = try await QueueServer.start(colonies, in: directory)
    var results = Results()
    for scalers in plan.scalers {
      let cluster = try await BenchCluster.make(scalers: scalers, server, queue, in: directory)
      let process = try AutoscalerProcess(
        autoscaler, name: "autoscaler-\(scalers)", configuration: cluster.configuration,
        kubeconfig: server.kubeconfig, namespace: cluster.namespace, directory: directory)
      try await process.settle(scalers: scalers)
      say("\(scalers) scaler(s): idle")
      let idle = try await IdleLoad.measure(process, window: plan.idleWindow(scalers: scalers))
      var burst: Burst?
      if scalers == 1 {
        say("\(plan.submissions) submissions")
        results.latency = try await SubmitLatency.measure(cluster, plan)
      } else {
        say("\(scalers) scalers: work for all")
        burst = try await Burst.measure(process, cluster)
      }
      results.sizes.append(
        Result(scalers: scalers, colonies: cluster.colonies.count, idle: idle, burst: burst))
      try await process.stop()
    }
    return results
  }

  private func say(_ text: String) {
    // There is nowhere to say that standard error is closed.
    _ = Array("\(text) …\n".utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
