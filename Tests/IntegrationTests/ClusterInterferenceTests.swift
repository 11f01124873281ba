import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import Locking
import TestSupport
import Testing

extension ClusterTests {
  @Suite("Others who change what is scaled", .serialized)
  struct InterferenceTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("replicas follow the queue while somebody changes the Deployment all the time")
    func conflicts() async throws {
      // Choosing who goes takes several looks and writes in a row, which this noise lets hardly ever succeed.
      let scene = try await ClusterScene.ready(cluster) { scene in
        scene.configuration([scene.scaler(scaleDown: "cordon: none")])
      }
      let autoscaler = try await scene.start()
      try await autoscaler.waitForDecision("Steady")
      let isOver = Locked(false)
      let noise = (0..<4).map { number in
        Task { try await annotate("count-\(number)", scene, until: isOver) }
      }
      let times: [Duration]
      do {
        // At its end also when something fails, as otherwise the noise would be waited for forever.
        defer { isOver.withLock { $0 = true } }
        times = [
          try await time(to: 5, scene) { try await scene.submit(5) },
          try await time(to: 0, scene) { try await scene.clearQueue() },
          try await time(to: 3, scene) { try await scene.submit(3) },
        ]
      }
      var counts: [Int] = []
      for task in noise { counts.append(try await task.value) }
      let conflicts = try await autoscaler.total("target_errors_total", #"code="conflict""#)
      print("conflicts: \(counts) changes by others, \(Int(conflicts)) conflicts; 5, 0, 3 after \(times)")
      let target = try await scene.target()
      #expect(target.replicas == 3)
      // Nobody's change was undone.
      for (number, count) in counts.enumerated() {
        #expect(target.metadata.annotations["count-\(number)"] == "\(count)")
      }
      #expect(await autoscaler.stop() == .code(0))
    }

    /// Counts on an annotation of the Deployment as fast as that goes.
    private func annotate(
      _ key: String, _ scene: ClusterScene, until isOver: Locked<Bool>
    ) async throws -> Int {
      var count = 0
      while !isOver.withLock({ $0 }) {
        do throws(KubernetesError) {
          _ = try await cluster.client.patch(
            .deployments, ClusterScene.deployment,
            ["metadata": ["annotations": [key: .string("\(count + 1)")]]], in: scene.namespace)
          count += 1
        } catch {
          // The server itself gives up when others are quicker too often; then nothing was changed.
          guard error.code == .conflict else { throw error }
        }
      }
      return count
    }

    private func time(
      to replicas: Int, _ scene: ClusterScene, _ cause: () async throws -> Void
    ) async throws -> Duration {
      let begin = ContinuousClock.now
      try await cause()
      try await scene.waitForReplicas(replicas, within: .seconds(180))
      return ContinuousClock.now - begin
    }

    @Test("the target of an HPA is left to it, whatever version it was written in", arguments: ["v1", "v2"])
    func horizontalPodAutoscaler(generation: String) async throws {
      let scene = try await ClusterScene.ready(cluster, replicas: 1)
      let apiVersion = generation == "v1" ? "autoscaling/v1" : try await newestVersion()
      let usage =
        generation == "v1"
        ? "targetCPUUtilizationPercentage: 50"
        : "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]"
      try await cluster.apply(
        """
        apiVersion: \(apiVersion)
        kind: HorizontalPodAutoscaler
        metadata: {name: foreign}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: \(ClusterScene.deployment)}
          minReplicas: 1
          maxReplicas: 20
          \(usage)
        """, in: scene.namespace)
      try await expectRespect(for: "HorizontalPodAutoscaler \(scene.namespace)/foreign", scene) {
        try await cluster.client.delete(HorizontalPodAutoscaler.resource, "foreign", in: scene.namespace)
      }
    }

    /// The newest version of HPAs that the server has.
    private func newestVersion() async throws -> String {
      for version in ["autoscaling/v2", "autoscaling/v2beta2"] {
        do {
          _ = try await cluster.client.resource(apiVersion: version, kind: "HorizontalPodAutoscaler")
          return version
        } catch {
          guard error.code == .notFound else { throw error }
        }
      }
      throw Failure("the server has no HPAs but those of v1")
    }

    @Test("the target of a KEDA ScaledObject is left to it", .ifOwnAPIServer)
    func scaledObject() async throws {
      // Before the autoscaler starts, which looks seldom for a kind that is not there.
      try await cluster.makeKind("ScaledObject", plural: "scaledobjects", "keda.sh/v1alpha1")
      let scene = try await ClusterScene.ready(cluster, replicas: 1)
      try await cluster.apply(
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: foreign}
        spec: {scaleTargetRef: {name: \(ClusterScene.deployment)}}
        """, in: scene.namespace)
      try await expectRespect(for: "KEDA's ScaledObject \(scene.namespace)/foreign", scene) {
        try await cluster.client.delete(KEDAScaledObject.resource, "foreign", in: scene.namespace)
      }
    }

    /// Checks that nothing is changed because of another autoscaler, until it is removed.
    private func expectRespect(
      for other: String, _ scene: ClusterScene, _ remove: () async throws -> Void
    ) async throws {
      try await scene.submit(4)
      let autoscaler = try await scene.start()
      try await autoscaler.waitForDecision("OwnedByOther")
      let event = try await scene.event("OwnedByOther")
      #expect(event.severity == .warning && event.involvedObject.name == ClusterScene.deployment)
      #expect(event.message.contains(other), "\(event.message)")
      #expect(autoscaler.process.log.contains(other), "\(autoscaler.process.log)")
      // Once more, as the first decisions may have been made on other grounds.
      try await autoscaler.waitForDecision("OwnedByOther")
      #expect(try await autoscaler.total("changes_total") == 0)
      #expect(try await scene.target().metadata.generation == 1)
      try await remove()
      try await scene.waitForReplicas(4)
      #expect(await autoscaler.stop() == .code(0))
    }

    @Test("a person's pause holds, by annotation and by configuration, and ends")
    func pause() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let autoscaler = try await scene.start()
      try await autoscaler.waitForDecision("Steady")
      try await annotate(scene, "true")
      // Work that is seen before the pause is would be scaled for.
      try await autoscaler.waitForDecision("Paused")
      try await scene.submit(2)
      try await autoscaler.waitForDecision("Paused")
      try await autoscaler.waitForDecision("Paused")
      let decisions = try await autoscaler.page("/decisions?scaler=jobs").text
      #expect(decisions.contains("annotation autoscaling.colonies.io/paused"), "\(decisions)")
      #expect(try await scene.target().replicas == 0)
      try await annotate(scene, nil)
      try await scene.waitForReplicas(2)

      try await scene.configure(scene.configuration([scene.scaler("jobs", "paused: true")]))
      try await cluster.poll("the configuration is in force") {
        try await autoscaler.total("configuration_generation") == 2
      }
      // The scaler gets its pause a moment after that.
      try await autoscaler.waitForDecision("Paused")
      try await scene.submit(1)
      try await autoscaler.waitForDecision("Paused")
      try await autoscaler.waitForDecision("Paused")
      #expect(try await scene.target().replicas == 2)
      #expect(try await autoscaler.total("changes_total") == 1)
      try await scene.configure(scene.configuration())
      try await scene.waitForReplicas(3)
      #expect(await autoscaler.stop() == .code(0))
    }

    private func annotate(_ scene: ClusterScene, _ paused: String?) async throws {
      _ = try await cluster.client.patch(
        .deployments, ClusterScene.deployment,
        [
          "metadata": [
            "annotations": ["autoscaling.colonies.io/paused": paused.map(JSONValue.string) ?? .null]
          ]
        ],
        in: scene.namespace)
    }
  }
}
