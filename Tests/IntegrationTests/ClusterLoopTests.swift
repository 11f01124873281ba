import Colonies
import ColoniesClient
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("The whole loop", .serialized)
  struct LoopTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("replicas go from zero to all in one step, and back to zero after the work")
    func fromZeroAndBack() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let ids = try await scene.submit(5)
      let autoscaler = try await scene.start("--leader-elect")
      try await scene.waitForReplicas(5)
      let up = try await scene.event("ScaledUp")
      #expect(up.involvedObject.kind == "Deployment" && up.involvedObject.name == ClusterScene.deployment)
      // By which kubectl describe finds it.
      let uid = try #require(await scene.target().metadata.uid)
      #expect(up.involvedObject.uid == uid)
      #expect(up.count == 1)
      #expect(try await autoscaler.metric("changes_total") == [#"{direction="up",scaler="jobs"}"#: 1])
      // It counts the changes of what is wanted; the first is the Deployment itself.
      #expect(try await scene.target().metadata.generation == 2)

      for worker in 0..<2 {
        let taken = try await scene.served.assign(worker)
        #expect(taken.id == ids[worker])
      }
      let statistics = try await scene.served.statistics
      #expect(statistics.running == 2 && statistics.waiting == 3)
      let (client, keys) = (scene.served.client, scene.served.colony.workers)
      try await client.closeSuccessful(id: ids[0], key: keys[0])
      try await client.closeFailed(id: ids[1], errors: ["on purpose"], key: keys[1])
      try await client.cancelProcess(id: ids[2], key: keys[0])
      try await client.removeProcess(id: ids[3], key: keys[0])
      let lastButOne = ContinuousClock.now
      try await client.removeProcess(id: ids[4], key: keys[0])
      // With a controller that makes pods late a scale-in waits for half a minute before it believes that none come.
      try await scene.waitForReplicas(0, within: .seconds(90))
      let idle = ContinuousClock.now - lastButOne
      print("loop: without replicas \(idle) after the work was gone, with idleFor 2 s")
      #expect(idle >= .seconds(2))
      #expect(try await scene.event("ScaledDown").severity == .normal)

      let begin = ContinuousClock.now
      try await scene.submit(1)
      try await scene.waitForReplicas(1)
      print("loop: a replica \(ContinuousClock.now - begin) after the submission, with pollInterval 250 ms")
      #expect(await autoscaler.stop() == .code(0))
      // Who is not there has no say.
      let replicas = try await scene.target().replicas
      #expect(replicas == 1, "\(autoscaler.log)")
    }

    @Test("an autoscaler with nothing to do renews its lease and asks for nothing else", .ifOwnAPIServer)
    func quiet() async throws {
      let scene = try await ClusterScene.ready(cluster)
      // Before it looks, so that there is one change and one Event.
      try await scene.submit(2)
      let autoscaler = try await scene.start("--leader-elect")
      try await scene.waitForReplicas(2)
      _ = try await scene.event("ScaledUp")
      try await autoscaler.waitForDecision("Steady")
      try await cluster.poll("what the beginning takes is over") {
        try await requests(of: autoscaler, renewals: 2) == [Self.renewal]
      }

      let audited = try cluster.auditedRequests(of: scene.account).count
      let begin = ContinuousClock.now
      let sent = try await requests(of: autoscaler, renewals: 3)
      let time = ContinuousClock.now - begin
      #expect(sent.allSatisfy { $0.contains(#"resource="leases""#) }, "\(sent)")
      // After a renewal that failed or came too late, the lease is read.
      let hasFailed = sent.contains { $0.contains(#"method="PUT""#) && $0 != Self.renewal }
      #expect(hasFailed || sent == [Self.renewal], "\(sent)")
      let asked = try cluster.auditedRequests(of: scene.account).dropFirst(audited)
      #expect(
        asked.allSatisfy { $0.resource == "leases" && ($0.verb == "update" || hasFailed) }, "\(asked)")
      let perMinute = Double(asked.count) * (.seconds(60) / time)
      print("quiet: \(asked.count) requests in \(time), \(perMinute) a minute; decides four times a second")
      #expect(perMinute <= 60)
      #expect(await autoscaler.stop() == .code(0))
    }

    /// The labels of renewals that succeeded.
    private static let renewal = #"{code="200",method="PUT",resource="leases"}"#

    /// The requests, by their labels, that an autoscaler sends until it has renewed its lease so many times.
    private func requests(of autoscaler: ClusterAutoscaler, renewals: Double) async throws -> Set<String> {
      let name = "kubernetes_requests_total"
      let before = try await autoscaler.metric(name)
      return try await eventually("the lease is renewed \(renewals) times") {
        let now = try await autoscaler.metric(name)
        guard now[Self.renewal, default: 0] >= before[Self.renewal, default: 0] + renewals else { return nil }
        return Set(now.filter { $0.value != before[$0.key] }.keys)
      }
    }

    @Test("what rbac printed is enough: nothing is ever refused", .ifOwnAPIServer)
    func rightsSuffice() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let autoscaler = try await scene.start("--leader-elect")
      try await scene.submit(1)
      try await scene.waitForReplicas(1)
      try await scene.configure("scalers: 7")
      _ = try await scene.event("ConfigurationRefused")
      #expect(await autoscaler.stop() == .code(0))
      let requests = try cluster.auditedRequests(of: scene.account)
      #expect(requests.contains { $0.verb == "patch" && $0.resource == "deployments/scale" })
      #expect(requests.allSatisfy { $0.status != 403 }, "\(requests.filter { $0.status == 403 })")
      #expect(try autoscaler.lines("permissionMissing").isEmpty, "\(autoscaler.process.log)")
      #expect(try autoscaler.lines("eventNotWritten").isEmpty, "\(autoscaler.process.log)")
    }
  }
}
