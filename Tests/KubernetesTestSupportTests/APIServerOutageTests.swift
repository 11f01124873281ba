import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

/// Alone with its server, which it stops.
@Suite("An API server that goes away", .ifOwnAPIServer, .apiServer, .serialized, .timeLimit(.minutes(10)))
struct APIServerOutageTests {
  let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  /// A client that gives up soon, though not before a busy machine has answered.
  private var impatient: KubernetesClient {
    KubernetesClient(server.cluster(server.admin), configuration: .init(deadline: .seconds(5)))
  }

  @Test("it is the same server, with the same objects and users, after a restart")
  func restart() async throws {
    let account = try await server.addServiceAccount("survivor", in: server.namespace)
    try await server.makeDeployment("survivor", in: server.namespace, replicas: 3)
    try await server.restart()
    try await server.waitForReplicas(3, of: "survivor", in: server.namespace)
    let theirs = KubernetesClient(server.cluster(account.user))
    #expect(try await theirs.version().hasPrefix("v1."))
    await theirs.shutdown()
  }

  @Test(
    "a server that is away is refused or silent, and comes back",
    arguments: [(Outage.killed, KubernetesError.Code.unreachable), (.frozen, .deadlineExceeded)])
  func server(outage: Outage, code: KubernetesError.Code) async throws {
    let client = impatient
    // So that there is a connection: a new one to a frozen server may fail in two ways.
    _ = try await client.version()
    await server.stop(outage)
    let error = await #expect(throws: KubernetesError.self) {
      try await client.get(ConfigMap.self, "a", in: server.namespace)
    }
    #expect(error?.code == code)
    try await server.start()
    #expect(try await server.client.version().hasPrefix("v1."))
    await client.shutdown()
  }

  @Test("a store that is away fails writes, and comes back with what it had", arguments: Outage.allCases)
  func store(outage: Outage) async throws {
    let name = "stored-\(outage)"
    try await server.makeDeployment(name, in: server.namespace, replicas: 1)
    let client = impatient
    await server.stopStore(outage)
    let error = await #expect(throws: KubernetesError.self) {
      // Of another object, as the server may do it in the end.
      try await client.create(
        ConfigMap(metadata: ObjectMeta(name: name, namespace: server.namespace), data: [:]))
    }
    #expect(error?.isTransient == true)
    try await server.startStore()
    _ = try await server.client.patch(.deployments, name, ["spec": ["replicas": 3]], in: server.namespace)
    try await server.waitForReplicas(3, of: name, in: server.namespace)
    await client.shutdown()
  }
}
