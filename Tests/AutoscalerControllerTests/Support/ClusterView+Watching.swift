import KubernetesClient
import Timekeeping

@testable import AutoscalerController

extension ClusterView {
  /// Runs a body while an object is watched, and whoever else may scale it.
  nonisolated func watching(_ object: ClusterObject, _ body: () async throws -> Void) async throws {
    await follow([object])
    let watching = Task { await run() }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    watching.cancel()
    await watching.value
    try result.get()
  }
}

extension ClusterObject {
  /// A Deployment.
  static func deployment(_ name: String, in namespace: String) -> ClusterObject {
    ClusterObject(
      ScaleTargetConfiguration(
        reference: ScaleTargetReference(apiVersion: "apps/v1", kind: "Deployment", name: name),
        namespace: namespace), defaultNamespace: namespace)
  }
}
