internal import HTTPTransport
package import KubernetesClient
internal import Locking
internal import TestSupport

/// A real API server for the tests of a suite: one of its own, with a store of its own, or an existing cluster.
package final class APIServer: Sendable {
  /// Somebody who uses the server.
  package struct User: Sendable {
    /// As permissions name a user.
    package let name: String
    /// What it shows; nil for who the kubeconfig of an existing cluster says.
    package let token: String?
  }

  let directory: TemporaryDirectory
  /// The programs of a server of the suite's own.
  let programs: ClusterPrograms?
  private let adminCluster: ClusterConfiguration
  let namespaces = Locked<[String]>([])

  /// May do everything.
  package let admin: User
  /// With the administrator's rights.
  package let client: KubernetesClient
  /// A kubeconfig of an administrator. That of a server of the suite's own has a client certificate, and goes by
  /// the server's inner name.
  package let kubeconfig: String
  /// A namespace for everything that needs none of its own.
  package let namespace: String
  /// Whether Deployments make ReplicaSets and pods.
  package let hasControllers: Bool
  /// Whether ReplicaSets make pods.
  package let hasReplicaSetController: Bool

  private init(
    directory: TemporaryDirectory, programs: ClusterPrograms?, cluster: ClusterConfiguration, admin: User,
    kubeconfig: String, hasControllers: Bool, hasReplicaSetController: Bool
  ) {
    self.directory = directory
    self.programs = programs
    self.admin = admin
    self.kubeconfig = kubeconfig
    self.hasControllers = hasControllers
    self.hasReplicaSetController = hasReplicaSetController
    adminCluster = cluster
    namespace = uniqueName("colonies-test")
    // Tests ask for much at once, and for what waits long behind an outage.
    client = KubernetesClient(
      cluster, configuration: .init(deadline: .seconds(60), requestsPerSecond: 1000, burst: 1000))
  }

  /// The server's address, with who a user is.
  package func cluster(_ user: User) -> ClusterConfiguration {
    user.token.map(cluster(token:)) ?? adminCluster
  }

  /// The server's address, with a token and nothing else that tells who it is. It may be one that nobody has.
  package func cluster(token: String) -> ClusterConfiguration {
    var cluster = adminCluster
    cluster.tls.identity = nil
    cluster.impersonation = nil
    cluster.credentials = .token(BearerToken(token))
    return cluster
  }

  // MARK: Where it comes from

  /// Where tests find an API server.
  package enum Place: Sendable {
    /// A directory with `kube-apiserver` and `etcd`: each suite starts a server of its own.
    case programs(String)
    /// The kubeconfig of a cluster that is there already.
    case cluster(kubeconfig: String)

    /// What the environment says; nil when tests are to do without.
    package static var present: Place? {
      if let file = environmentVariable("COLONIES_TEST_KUBECONFIG") { return .cluster(kubeconfig: file) }
      return environmentVariable("COLONIES_ENVTEST_ASSETS").map(Place.programs)
    }

    /// Whether the server is a suite's own, so that it can be stopped.
    package var isOwn: Bool { if case .programs = self { true } else { false } }
  }

  /// Which of Kubernetes' own controllers a server of the suite's own has, where there is a program with them.
  package enum Controllers: Sendable {
    case all
    /// For ``FakeReplicaSets``.
    case allButReplicaSets
  }

  /// Provides a server while a body runs.
  package static func run<Value: Sendable>(
    at place: Place, controllers: Controllers = .all, _ body: (APIServer) async throws -> Value
  ) async throws -> Value {
    let server =
      switch place {
      case .programs(let assets): try await start(assets, controllers)
      case .cluster(let kubeconfig): try existing(kubeconfig)
      }
    let result: Result<Value, any Error>
    do {
      try await server.programs?.startAll()
      try await server.waitForCommonPermissions()
      try await server.makeNamespace(named: server.namespace)
      result = .success(try await body(server))
    } catch {
      result = .failure(error)
    }
    // Also when the body failed, and before its failure is told.
    try await server.end()
    return try result.get()
  }

  private static func start(_ assets: String, _ controllers: Controllers) async throws -> APIServer {
    let directory = TemporaryDirectory()
    let token = uniqueName("admin")
    let programs = try await ClusterPrograms(
      assets, in: directory, adminToken: token, controllers: controllers)
    let cluster = ClusterConfiguration(
      server: programs.server, tls: TLSConfiguration(trust: .authorities(.file(directory.file("ca.crt")))),
      credentials: .token(BearerToken(token)))
    return APIServer(
      directory: directory, programs: programs, cluster: cluster, admin: User(name: "admin", token: token),
      kubeconfig: programs.kubeconfig, hasControllers: programs.hasControllers,
      hasReplicaSetController: programs.hasControllers && controllers == .all)
  }

  private static func existing(_ kubeconfig: String) throws -> APIServer {
    APIServer(
      directory: TemporaryDirectory(), programs: nil,
      cluster: try ClusterConfiguration.load(kubeconfig: kubeconfig, environment: [:]),
      admin: User(name: "admin", token: nil), kubeconfig: kubeconfig, hasControllers: true,
      hasReplicaSetController: true)
  }

  private func end() async throws {
    if let programs {
      await client.shutdown()
      await programs.endAll()
    } else {
      for namespace in namespaces.withLock({ $0 }) {
        try await client.delete(.namespaces, namespace, in: nil)
      }
      await client.shutdown()
    }
  }
}
