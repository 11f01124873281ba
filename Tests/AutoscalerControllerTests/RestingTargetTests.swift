import KubernetesClient
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("A target that rests", .timeLimit(.minutes(10)))
struct RestingTargetTests {
  private let clock = TestClock()

  /// Follows a Deployment with replicas while a body looks at it.
  private func follow(
    _ server: QuietAPIServer, _ body: (ScaleTarget) async throws -> Void
  ) async throws {
    let client = server.client
    let view = ClusterView(client: client, time: Timekeeper(clock))
    let object = ClusterObject.deployment(QuietAPIServer.deployment, in: QuietAPIServer.namespace)
    try await view.watching(object) {
      let target = ScaleTarget(
        object, view: view, client: client, permit: .always, isServerDryRun: false, time: Timekeeper(clock))
      try await body(target)
    }
  }

  @Test("bookmarks alone, each a little late, are enough for the API server to be asked nothing")
  func bookmarks() async throws {
    let interval: Duration = .seconds(64)
    let server = QuietAPIServer(clock, bookmarkInterval: interval)
    try await follow(server) { target in
      for _ in 0..<10 {
        // The Deployment's watch and that of other autoscalers have taken in what came, and wait again.
        try await clock.sleep(in: interval...interval, count: 2)
        for _ in 0..<32 {
          #expect(try await target.observe().replicas == 3)
          clock.advance(by: .seconds(2))
        }
      }
      #expect(server.deploymentReads == 0)
    }
  }

  @Test("a watch that stays silent is not relied on until its connection is given up")
  func silence() async throws {
    let interval: Duration = .seconds(3600)
    let server = QuietAPIServer(clock, bookmarkInterval: interval)
    try await follow(server) { target in
      try await clock.sleep(in: interval...interval, count: 2)
      _ = try await target.observe()
      #expect(server.deploymentReads == 0)
      clock.advance(by: WatchOptions().idleTimeout - .seconds(15))
      for _ in 0..<2 { #expect(try await target.observe().replicas == 3) }
      #expect(server.deploymentReads == 1)
    }
  }
}
