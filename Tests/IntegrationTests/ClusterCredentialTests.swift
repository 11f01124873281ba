import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("The autoscaler's credentials", .serialized)
  struct CredentialTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("when the token dies and its file has a new one, the autoscaler goes on at once")
    func tokenRotation() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let autoscaler = try await scene.start()
      try await scene.submit(1)
      try await scene.waitForReplicas(1)
      _ = try await scene.event("ScaledUp")

      // Another account of the same name: the rights are by name, and the tokens are not.
      try await cluster.client.delete(.serviceAccounts, scene.account.name, in: scene.namespace)
      let next = try await cluster.addServiceAccount(scene.account.name, in: scene.namespace)
      let old = KubernetesClient(cluster.cluster(scene.account.user))
      try await cluster.poll("the old token is dead") {
        do throws(KubernetesError) {
          _ = try await old.review(AccessReview.Question("get", .configMaps, namespace: scene.namespace))
          return false
        } catch {
          guard error.code == .unauthorized else { throw error }
          return true
        }
      }
      await old.shutdown()
      let begin = ContinuousClock.now
      try cluster.write(next, to: scene.served.directory.file("pod"))
      try await scene.submit(2)
      try await scene.waitForReplicas(3, within: .seconds(60))
      let time = ContinuousClock.now - begin
      let refused = try await autoscaler.total("kubernetes_requests_total", #"code="401""#)
      print("token: scales \(time) after the new token was there, with \(Int(refused)) requests refused")
      #expect(time < .seconds(10))
      #expect(await autoscaler.stop() == .code(0))
    }
  }
}
