import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("Plans and dry runs", .ifOwnAPIServer, .serialized)
  struct PlanTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("a plan tells what would be done, by its exit status too, and changes nothing")
    func plan() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let nothing = try await scene.plan()
      #expect(nothing.exit == .code(0), "\(nothing)")
      let rows = nothing.output.split(separator: "\n").map { $0.split(separator: " ") }
      #expect(rows.count == 2)
      #expect(rows.first?.prefix(6) == ["SCALER", "TARGET", "QUEUE", "NOW", "THEN", "WHY"])
      #expect(
        rows.last?.prefix(7) == [
          "jobs", "Deployment", "\(scene.namespace)/\(ClusterScene.deployment)", "0+0", "0", "0",
          "Steady:",
        ])

      try await scene.submit(3)
      let changes = try await scene.plan()
      #expect(changes.exit == .code(2), "\(changes)")
      #expect(changes.output.contains("  3+0    0    3     ScaledUp: "), "\(changes)")

      let json = try await scene.plan("--output", "json")
      #expect(json.exit == .code(2), "\(json)")
      let change = try #require(try JSONValue(parsing: json.output.utf8)["changes"]?[0])
      #expect(change["scaler"]?.string == "jobs" && change["error"] == .null)
      #expect(change["current"]?.int == 0 && change["desired"]?.int == 3)
      #expect(change["explanation"]?["reason"]?.string == "ScaledUp")

      let yaml = try await scene.plan("--output", "yaml")
      #expect(yaml.exit == .code(2), "\(yaml)")
      #expect(yaml.output.contains("desired: 3\n") && yaml.output.contains("missingPermissions: []"))

      let explained = try await scene.plan("--explain")
      #expect(explained.exit == .code(2) && explained.output.contains("ceil(3 / 1)"), "\(explained)")

      let broken = scene.write(
        scene.configuration([scene.scaler(), scene.scaler("lost", target: "kind: Deployment, name: none")]))
      let failure = try await scene.plan("--output", "json", config: broken)
      #expect(failure.exit == .code(1), "\(failure)")
      let results = try #require(try JSONValue(parsing: failure.output.utf8)["changes"]?.array)
      #expect(results.map { $0["desired"]?.int } == [3, nil])

      let twin = "kind: Deployment, name: \(ClusterScene.deployment), namespace: \(scene.namespace)"
      let shared = scene.write(
        scene.configuration([scene.scaler(), scene.scaler("twin", target: twin)]))
      let refused = try await scene.plan(config: shared)
      #expect(refused.exit == .code(1), "\(refused)")
      #expect(refused.output.contains("is scaled by scaler \"jobs\" already"), "\(refused)")

      #expect(await scene.served.server.stop() == .code(0))
      let unread = try await scene.plan()
      #expect(unread.exit == .code(1) && unread.output.contains("ReadingFailed"), "\(unread)")
      try await expectNoChange(scene)
    }

    @Test("a dry run decides, says so, and writes nothing, though it may")
    func dryRun() async throws {
      let scene = try await ClusterScene.ready(cluster)
      try await scene.submit(3)
      let autoscaler = try await scene.start("--dry-run")
      try await autoscaler.waitForDecision("ScaledUp")
      try await scene.configure("scalers: 7")
      try await cluster.poll("the configuration is refused") {
        try !autoscaler.lines("configurationRefused").isEmpty
      }
      try await autoscaler.waitForDecision("ScaledUp")
      #expect(try await autoscaler.total("changes_total") == 0)
      #expect(await autoscaler.stop() == .code(0))
      let lines = try autoscaler.lines("decision")
      #expect(lines.count == 1 && lines[0]["metadata"]?["dryRun"]?.bool == true, "\(lines)")
      try await expectNoChange(scene)
    }

    @Test("a dry run needs no right to write")
    func dryRunRights() async throws {
      let scene = try await ClusterScene(cluster)
      try await scene.grant(scene.configuration(), for: "dry-run")
      try await scene.configure(scene.configuration())
      try await scene.submit(3)
      let autoscaler = try await scene.start("--dry-run")
      try await autoscaler.waitForDecision("ScaledUp")
      #expect(try autoscaler.lines("permissionMissing").isEmpty, "\(autoscaler.process.log)")
      #expect(await autoscaler.stop() == .code(0))
      try await expectNoChange(scene)
    }

    @Test("a server's dry run sends changes that the server checks and forgets")
    func serverDryRun() async throws {
      let scene = try await ClusterScene(cluster)
      try await scene.grant(scene.configuration(), for: "server-dry-run")
      try await scene.configure(scene.configuration())
      try await scene.submit(3)
      let autoscaler = try await scene.start("--server-dry-run")
      try await autoscaler.waitForDecision("ScaledUp")
      #expect(try autoscaler.lines("permissionMissing").isEmpty, "\(autoscaler.process.log)")
      #expect(await autoscaler.stop() == .code(0))
      let tries = try cluster.auditedRequests(of: scene.account).filter(\.isDryRun)
      #expect(tries.contains { $0.status == 200 }, "\(tries)")
      // What was decided on an object whose controller wrote its status meanwhile is a conflict.
      #expect(
        tries.allSatisfy { $0.resource == "deployments/scale" && [200, 409].contains($0.status) }, "\(tries)")
      try await expectNoChange(scene)
    }

    @Test("a server's dry run tells that a change would not be allowed")
    func serverDryRunRefused() async throws {
      let scene = try await ClusterScene(cluster)
      try await scene.grant(scene.configuration(), for: "dry-run")
      try await scene.configure(scene.configuration())
      try await scene.submit(3)
      let autoscaler = try await scene.start("--server-dry-run")
      try await cluster.poll("the refusal is told") {
        try autoscaler.lines("targetFailed").contains { $0["metadata"]?["reason"]?.string == "denied" }
      }
      // The permissions are asked for one after the other, for which nothing waits for long.
      try await cluster.poll("every missing permission is told") {
        try autoscaler.lines("permissionMissing").count >= 2
      }
      let missing = try autoscaler.lines("permissionMissing").compactMap { $0["message"]?.string }
      #expect(missing.count == 2, "\(missing)")
      #expect(missing.contains { $0.contains("may not patch deployments.apps/scale web") }, "\(missing)")
      #expect(missing.contains { $0.contains("may not patch pods") }, "\(missing)")
      #expect(await autoscaler.stop() == .code(0))
      try await expectNoChange(scene)
    }

    /// Checks that nothing was written, as the server has it: by what was asked, and by what is there.
    private func expectNoChange(_ scene: ClusterScene) async throws {
      let requests = try cluster.auditedRequests(of: scene.account)
      #expect(requests.contains { $0.verb == "list" && $0.resource == "deployments" })
      #expect(requests.allSatisfy { !$0.isWrite }, "\(requests.filter(\.isWrite))")
      let target = try await scene.target()
      #expect(target.replicas == 0 && target.metadata.generation == 1)
      #expect(try await scene.events().isEmpty)
      let leases = try await cluster.client.list(Lease.self, Selection(namespace: scene.namespace))
      #expect(leases.items.isEmpty)
    }
  }
}
