import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

@Suite("What an API server is given for tests", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct APIServerObjectTests {
  let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  @Test("YAML and JSON documents are applied, and applied again with changes")
  func apply() async throws {
    let made = try await server.apply(
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: applied}
      data:
        text: |
          a: 1
        number: "3"
      ---
      {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "applied"},
       "spec": {"serviceName": "none", "replicas": 0, "selector": {"matchLabels": {"a": "b"}},
                "template": {"metadata": {"labels": {"a": "b"}},
                             "spec": {"containers": [{"name": "c", "image": "none"}]}}}}
      """)
    #expect(made.map { $0["kind"]?.string } == ["ConfigMap", "StatefulSet"])
    try await server.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {text: b}}")
    let map = try await server.client.get(ConfigMap.self, "applied", in: server.namespace)
    #expect(map.data == ["text": "b"])
  }

  @Test("a service account's files let a program in, as what it may be")
  func serviceAccount() async throws {
    let namespace = try await server.makeNamespace("pods")
    let account = try await server.addServiceAccount("scaler", in: namespace, expiry: .seconds(600))
    let directory = TemporaryDirectory()
    try server.write(account, to: directory.path)
    let cluster = try #require(
      try ClusterConfiguration.inCluster(environment: server.podEnvironment, folder: directory.path))
    #expect(cluster.namespace == namespace)
    let client = KubernetesClient(cluster)
    let question = AccessReview.Question("get", .configMaps, namespace: namespace)
    #expect(try await !client.review(question).isAllowed)
    try await server.grant("system:aggregate-to-view", to: account.user, in: namespace, proof: question)
    #expect(try await client.review(question).isAllowed)
    #expect(try await !client.review(.init("delete", .configMaps, namespace: namespace)).isAllowed)
    await client.shutdown()
  }

  @Test("a wait for replicas ends with them, or says what did not happen")
  func replicas() async throws {
    let namespace = try await server.makeNamespace("waited")
    try await server.makeDeployment("web", in: namespace, replicas: 1)
    async let waited: Void = server.waitForReplicas(4, of: "web", in: namespace)
    _ = try await server.client.patch(
      .deployments, "web", ["spec": ["replicas": 4]], in: namespace, subresource: "scale")
    try await waited
    let failure = await #expect(throws: Failure.self) {
      try await server.waitForReplicas(5, of: "web", in: namespace, within: .zero)
    }
    #expect(failure?.description.contains("web has spec.replicas 5") == true)
  }
}
