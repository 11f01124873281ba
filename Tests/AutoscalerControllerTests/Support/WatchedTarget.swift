import KubernetesClient
import KubernetesTestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

/// A Deployment of a real API server as a target that nothing scales but a test.
enum WatchedTarget {
  /// Runs a body with a Deployment `web` in a namespace of its own, while it is watched.
  /// - Parameter time: The target's; the watch has the machine's.
  static func run(
    namespace: String, replicas: Int, time: Timekeeper,
    _ body: (ScaleTarget, APIServer, _ namespace: String) async throws -> Void
  ) async throws {
    let server = try #require(APIServerTrait.server)
    let namespace = try await server.makeNamespace(namespace)
    try await server.makeDeployment("web", in: namespace, replicas: replicas)
    let view = ClusterView(client: server.client, time: Timekeeper(ContinuousClock()))
    let object = ClusterObject.deployment("web", in: namespace)
    try await view.watching(object) {
      let target = ScaleTarget(
        object, view: view, client: server.client, permit: .always, isServerDryRun: false, time: time)
      try await body(target, server, namespace)
    }
  }
}
