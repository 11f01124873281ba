import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("Changes based on what is not so any more", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct KubernetesConflictTests {
  @Test("a change is refused when anything was changed since the target was looked at, and seen then")
  func overtaken() async throws {
    try await WatchedTarget.run(
      namespace: "overtaken", replicas: 1, time: Timekeeper(ContinuousClock())
    ) { target, server, namespace in
      // Each is a person's change between a look and the change that follows from it.
      let changes: [(patch: JSONValue, replicas: Int, isPaused: Bool)] = [
        (["spec": ["replicas": 7]], 7, false),
        (["metadata": ["annotations": [ScaledObject.pauseAnnotation: "true"]]], 7, true),
      ]
      for change in changes {
        let seen = try await target.observe()
        #expect(seen.pause == nil)
        _ = try await server.client.patch(.deployments, "web", change.patch, in: namespace)
        let error = await #expect(throws: TargetError.self) {
          try await target.setReplicas(3, basedOn: seen.revision)
        }
        #expect(error?.code == .conflict)
        #expect(
          try await server.client.get(Deployment.self, "web", in: namespace).replicas == change.replicas)
        let now = try await observe(target, server)
        #expect(now.replicas == change.replicas)
        #expect((now.pause != nil) == change.isPaused)
      }
    }
  }

  /// Looks as often as the scaler and the poller would, while the watch is behind.
  private func observe(_ target: ScaleTarget, _ server: APIServer) async throws -> TargetObservation {
    var found: TargetObservation?
    try await server.poll("the target can be looked at") {
      do throws(TargetError) {
        found = try await target.observe()
        return true
      } catch {
        guard error.code == .conflict else { throw error }
        return false
      }
    }
    return try #require(found)
  }
}
