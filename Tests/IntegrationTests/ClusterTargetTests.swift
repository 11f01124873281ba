import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("What can be scaled beside Deployments", .serialized)
  struct TargetTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("a StatefulSet")
    func statefulSet() async throws {
      let target = "kind: StatefulSet, name: database"
      let scene = try await ClusterScene.ready(cluster) { scene in
        scene.configuration([scene.scaler(target: target)])
      }
      try await cluster.apply(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: database}
        spec:
          serviceName: none
          replicas: 0
          selector: {matchLabels: {app: database}}
          template:
            metadata: {labels: {app: database}}
            spec: {containers: [{name: worker, image: image.invalid/worker}]}
        """, in: scene.namespace)
      try await expectLoop(scene, APIResource.statefulSets, "database") { $0["spec"]?["replicas"]?.int }
    }

    @Test(
      "an object of a kind that only this cluster has, with its replicas where that kind has them",
      .ifOwnAPIServer)
    func customResource() async throws {
      try await cluster.makeKind("Pool", plural: "pools", "test.invalid/v1")
      let target = "apiVersion: test.invalid/v1, kind: Pool, name: workers"
      let scene = try await ClusterScene(cluster)
      // It has no pods that could be chosen.
      let configuration = scene.configuration([scene.scaler(target: target, scaleDown: "cordon: none")])
      try await scene.grant(configuration, asksCluster: true)
      try await scene.configure(configuration)
      try await cluster.apply(
        "{apiVersion: test.invalid/v1, kind: Pool, metadata: {name: workers}, spec: {size: 0}}",
        in: scene.namespace)
      let pools = APIResource(group: "test.invalid", version: "v1", plural: "pools", kind: "Pool")
      try await expectLoop(scene, pools, "workers") { $0["spec"]?["size"]?.int }
    }

    /// Checks that an object follows the queue, up and down.
    private func expectLoop(
      _ scene: ClusterScene, _ resource: APIResource, _ name: String, _ replicas: (JSONValue) -> Int?
    ) async throws {
      let autoscaler = try await scene.start()
      for count in [3, 0] {
        if count > 0 { try await scene.submit(count) } else { try await scene.clearQueue() }
        // A StatefulSet waits for its first pod to be ready, which it never is here: with fewer pods than replicas a
        // scale-in waits for half a minute before it believes that no more are coming.
        try await cluster.poll("\(name) has \(count) replicas", within: .seconds(90)) {
          replicas(try await cluster.client.get(resource, name, in: scene.namespace)) == count
        }
      }
      let event = try await scene.event("ScaledDown")
      #expect(event.involvedObject.kind == resource.kind && event.involvedObject.name == name)
      let object = try await cluster.client.get(resource, name, in: scene.namespace)
      let uid = try #require(object["metadata"]?["uid"]?.string)
      #expect(event.involvedObject.uid == uid)
      #expect(try autoscaler.lines("permissionMissing").isEmpty, "\(autoscaler.process.log)")
      #expect(await autoscaler.stop() == .code(0))
    }
  }
}
