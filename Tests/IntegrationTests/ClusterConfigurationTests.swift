import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("The ConfigMap", .serialized)
  struct ConfigurationTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("an edit is in force at once; a bad one is refused and told, and repaired")
    func edits() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let autoscaler = try await scene.start()
      try await autoscaler.waitForDecision("Steady")
      let begin = ContinuousClock.now
      try await scene.configure(scene.configuration([scene.scaler("jobs", "min: 4")]))
      try await scene.waitForReplicas(4)
      let inForce = ContinuousClock.now - begin
      print("ConfigMap: the replicas follow an edit after \(inForce), with pollInterval 250 ms")
      #expect(inForce < .seconds(15))
      #expect(try await autoscaler.total("configuration_generation") == 2)
      #expect(try await autoscaler.page("/readyz").status == 200)

      let bad = scene.configuration([scene.scaler("jobs", "min: 30, colour: green")])
      try await scene.configure(bad)
      let event = try await scene.event("ConfigurationRefused")
      #expect(event.involvedObject.kind == "ConfigMap" && event.involvedObject.name == ClusterScene.configMap)
      // By which kubectl describe finds it.
      let map = try await cluster.client.get(ConfigMap.self, ClusterScene.configMap, in: scene.namespace)
      let uid = try #require(map.metadata.uid)
      #expect(event.involvedObject.uid == uid)
      #expect(event.severity == .warning)
      let place = "configmap/\(scene.namespace)/\(ClusterScene.configMap)[config.yaml]"
      for reason in [
        "the last good one stays in force", "\(place):4:", "scalers[0].max: must be from 30", "colour",
      ] {
        #expect(event.message.contains(reason), "\(event.message)")
      }
      let lines = try autoscaler.lines("configurationRefused")
      #expect(lines.count == 1 && lines[0]["level"]?.string == "error")
      let problems = try #require(lines.first?["metadata"]?["problems"]?.array).compactMap(\.string)
      #expect(problems.count == 2 && problems.allSatisfy { $0.hasPrefix("\(place):4:") }, "\(problems)")
      #expect(try await autoscaler.total("configuration_last_reload_successful") == 0)
      let readiness = try await autoscaler.page("/readyz")
      #expect(readiness.status == 503)
      #expect(readiness.text.contains("[-]configuration failed: \(place):4:"), "\(readiness.text)")
      try await scene.submit(6)
      try await scene.waitForReplicas(6)
      #expect(try await autoscaler.total("configuration_generation") == 2)

      try await scene.configure(scene.configuration([scene.scaler("jobs", "min: 8")]))
      try await scene.waitForReplicas(8)
      #expect(try await autoscaler.page("/readyz").status == 200)
      #expect(try await autoscaler.total("configuration_last_reload_successful") == 1)
      #expect(await autoscaler.stop() == .code(0))
    }

    @Test("a scaler that is removed leaves its Deployment as it is, and the others go on")
    func removedScaler() async throws {
      let other = "kind: Deployment, name: other"
      let scene = try await ClusterScene.ready(cluster) { scene in
        scene.configuration([scene.scaler(), scene.scaler("gone", target: other, "min: 3")])
      }
      try await cluster.makeDeployment("other", in: scene.namespace, replicas: 0)
      let autoscaler = try await scene.start()
      try await scene.waitForReplicas(3, of: "other")
      try await scene.configure(scene.configuration())
      // Its numbers go when it has gone.
      try await cluster.poll("the scaler is gone") {
        try await autoscaler.metric("desired_replicas").keys.sorted() == [#"{scaler="jobs"}"#]
      }
      _ = try await cluster.client.patch(
        .deployments, "other", ["spec": ["replicas": 1]], in: scene.namespace, subresource: "scale")
      try await scene.submit(2)
      try await scene.waitForReplicas(2)
      try await autoscaler.waitForDecision("Steady")
      #expect(try await scene.target("other").replicas == 1)
      #expect(await autoscaler.stop() == .code(0))
    }

    @Test("a ConfigMap that is made later, goes, and comes back")
    func missing() async throws {
      let scene = try await ClusterScene(cluster)
      try await scene.grant(scene.configuration())
      let autoscaler = try await scene.start()
      try await expectUnready(autoscaler, "there is no such ConfigMap")
      #expect(try await autoscaler.total("configuration_generation") == 0)
      #expect(try await autoscaler.page("/healthz").status == 200)
      try await scene.submit(2)

      try await scene.configure(scene.configuration())
      try await scene.waitForReplicas(2)
      #expect(try await autoscaler.page("/readyz").status == 200)

      try await cluster.client.delete(.configMaps, ClusterScene.configMap, in: scene.namespace)
      try await expectUnready(autoscaler, "there is no such ConfigMap")
      try await scene.submit(1)
      try await scene.waitForReplicas(3)

      try await scene.configure(scene.configuration([scene.scaler("jobs", "min: 5")]))
      try await scene.waitForReplicas(5)
      #expect(try await autoscaler.page("/readyz").status == 200)
      #expect(await autoscaler.stop() == .code(0))
    }

    private func expectUnready(_ autoscaler: ClusterAutoscaler, _ reason: String) async throws {
      try await cluster.poll("it is not ready: \(reason)") {
        let page = try await autoscaler.page("/readyz")
        return page.status == 503 && page.text.contains(reason)
      }
    }
  }
}
