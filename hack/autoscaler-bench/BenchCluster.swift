import Colonies
import ColoniesClient
import KubernetesClient
import KubernetesTestSupport
import TestSupport

/// Deployments and colonies for a number of scalers, in a namespace of their own.
struct BenchCluster: Sendable {
  let namespace: String
  let colonies: [BenchColony]
  /// The autoscaler's configuration.
  let configuration: String
  let scalers: Int
  private let client: KubernetesClient

  /// How many requests that prepare something are under way at once.
  private static let width = 16

  static func make(
    scalers: Int, _ server: APIServer, _ queue: QueueServer, in directory: TemporaryDirectory
  ) async throws -> BenchCluster {
    let namespace = try await server.makeNamespace("bench-\(scalers)")
    var colonies: [BenchColony] = []
    for index in 0..<BenchPlan.colonies(scalers: scalers) {
      colonies.append(try await queue.makeColony("c\(index)-of-\(scalers)", in: directory))
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<scalers {
        if index >= width { try await group.next() }
        group.addTask { try await server.makeDeployment(name(index), in: namespace, replicas: 0) }
      }
      try await group.waitForAll()
    }
    return BenchCluster(
      namespace: namespace, colonies: colonies,
      configuration: configuration(scalers, colonies, queue, namespace), scalers: scalers,
      client: server.client)
  }

  private static func name(_ index: Int) -> String { "workers-\(index)" }

  private static func configuration(
    _ scalers: Int, _ colonies: [BenchColony], _ queue: QueueServer, _ namespace: String
  ) -> String {
    var lines = [
      "servers:", "  bench: {host: \(queue.endpoint.host), port: \(queue.endpoint.port)}", "scalers:",
    ]
    for index in 0..<scalers {
      let colony = colonies[index % colonies.count]
      lines += [
        "  - name: scaler-\(index)", "    colony: {name: \(colony.reference.name)}",
        "    credentials: {file: \(colony.keyFile)}", "    executorType: fibonacci", "    max: 1000",
        "    target: {kind: Deployment, namespace: \(namespace), name: \(name(index))}",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What happens to the Deployments, from now on.
  func changes() async throws -> DeploymentChanges {
    try await DeploymentChanges(
      ObjectChanges(Deployment.self, Selection(namespace: namespace), client: client))
  }
}
