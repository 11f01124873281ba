import Glibc
import HTTPTransport
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("Two replicas of the autoscaler", .serialized)
  struct LeadingTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("one scales; when it is killed or leaves, the other does")
    func takeover() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let first = try await scene.start("--leader-elect", name: "first")
      try await waitUntil(first, leads: true)
      let second = try await scene.start("--leader-elect", name: "second")
      try await scene.submit(2)
      try await scene.waitForReplicas(2)
      // One or two steps, as a poll may come between the submissions; counted when they were answered.
      try await cluster.poll("the changes were counted") {
        try await (1...2).contains(first.total("changes_total"))
      }
      #expect(try await isWaiting(second))
      #expect(try await lease(scene).holderIdentity.hasPrefix("first_"))

      first.process.kill(SIGKILL)
      #expect(await first.process.exit() == .signal(SIGKILL))
      let killed = try await time { try await waitUntil(second, leads: true) }
      print("leader: the other leads \(killed) after a SIGKILL")
      // The lease's duration, of which part has passed, and a slow machine.
      #expect(killed < .seconds(15 + 15))
      try await scene.submit(1)
      try await scene.waitForReplicas(3)
      #expect(try await lease(scene).holderIdentity.hasPrefix("second_"))

      let third = try await scene.start("--leader-elect", name: "third")
      try await cluster.poll("it knows who leads") { try await third.page("/readyz").status == 200 }
      #expect(try await isWaiting(third))
      second.process.kill(SIGTERM)
      let left = try await time { try await waitUntil(third, leads: true) }
      print("leader: the other leads \(left) after a SIGTERM")
      // Long before the lease's end.
      #expect(left < .seconds(10))
      #expect(await second.process.exit() == .code(0))
      try await scene.submit(1)
      try await scene.waitForReplicas(4)

      #expect(await third.stop() == .code(0))
      let released = try await lease(scene)
      #expect(released.holderIdentity.isEmpty)
      #expect(released.leaseTransitions == 2)
      #expect(try await scene.target().replicas == 4)
    }

    /// Whether an autoscaler has changed nothing and decided nothing.
    private func isWaiting(_ autoscaler: ClusterAutoscaler) async throws -> Bool {
      let requests = try await autoscaler.metric("kubernetes_requests_total")
      // Questions about its own permissions are the only requests of a follower that are no reading.
      let writes = requests.keys.filter {
        $0.contains(#"method="P"#) && !$0.contains(#"resource="selfsubjectaccessreviews""#)
      }
      let decisions = try await autoscaler.total("decisions_total")
      let leads = try await autoscaler.leads
      return writes.isEmpty && decisions == 0 && !leads
    }

    private func waitUntil(_ autoscaler: ClusterAutoscaler, leads: Bool) async throws {
      try await cluster.poll("the autoscaler \(leads ? "leads" : "does not lead")", within: .seconds(60)) {
        try await autoscaler.leads == leads
      }
    }

    private func lease(_ scene: ClusterScene) async throws -> Lease {
      try await cluster.client.get(Lease.self, "colonies-autoscaler", in: scene.namespace)
    }

    private func time(_ body: () async throws -> Void) async throws -> Duration {
      let begin = ContinuousClock.now
      try await body()
      return ContinuousClock.now - begin
    }
  }
}
