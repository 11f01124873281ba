import HTTPTransport
import JSON
import KubernetesTestSupport
import TestSupport
import Testing

@testable import KubernetesClient

/// Against a real API server.
@Suite(.ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct APIServerTests {
  let server: APIServer
  let client: KubernetesClient

  init() throws {
    server = try #require(APIServerTrait.server)
    client = server.client
  }

  /// The error of what must fail.
  private func failure(_ body: () async throws(KubernetesError) -> Void) async -> KubernetesError? {
    do throws(KubernetesError) {
      try await body()
      return nil
    } catch {
      return error
    }
  }

  // MARK: Connecting

  @Test func kubeconfig() async throws {
    let cluster = try ClusterConfiguration.load(kubeconfig: server.kubeconfig, environment: [:])
    let operatorClient = KubernetesClient(cluster)
    #expect(try await operatorClient.version().hasPrefix("v1."))
    #expect(try await operatorClient.review(.init("delete", .leases, namespace: nil)).isAllowed)
    await operatorClient.shutdown()
  }

  @Test func refusals() async throws {
    var cluster = server.cluster(token: "nobody")
    let stranger = KubernetesClient(cluster)
    let unauthorized = await failure { () throws(KubernetesError) in
      _ = try await stranger.get(ConfigMap.self, "a", in: server.namespace)
    }
    #expect(unauthorized?.code == .unauthorized)
    #expect(unauthorized?.status?.reason == "Unauthorized")
    cluster.tls = TLSConfiguration()
    let distrustful = KubernetesClient(cluster)
    let untrusted = await failure { () throws(KubernetesError) in _ = try await distrustful.version() }
    #expect(untrusted?.code == .untrusted)
    let missing = await failure { () throws(KubernetesError) in
      _ = try await client.get(ConfigMap.self, "nothing", in: server.namespace)
    }
    #expect(missing?.code == .notFound)
    #expect(missing?.status?.details?.name == "nothing")
    #expect(
      missing?.message
        == "could not get configmaps nothing in \(server.namespace): configmaps \"nothing\" not found")
  }

  @Test("a token file that changes is read again on the refusal of the old one")
  func tokenRotation() async throws {
    let folder = TemporaryDirectory()
    let path = folder.write("expired", to: "token")
    var cluster = server.cluster(token: "")
    cluster.credentials = .tokenFile(path)
    let client = KubernetesClient(cluster)
    let old = await failure { () throws(KubernetesError) in _ = try await client.version() }
    #expect(old?.code == .unauthorized)
    let account = try await server.addServiceAccount("rotated", in: server.namespace)
    folder.write(account.user.token ?? "", to: "token")
    #expect(try await client.version().hasPrefix("v1."))
  }

  @Test func discovery() async throws {
    #expect(try await client.resource(apiVersion: "apps/v1", kind: "StatefulSet") == .statefulSets)
    #expect(try await client.resource(apiVersion: "v1", kind: "ConfigMap") == .configMaps)
    let unknown = await failure { () throws(KubernetesError) in
      _ = try await client.resource(apiVersion: "apps/v1", kind: "Nothing")
    }
    #expect(unknown?.code == .notFound)
  }

  // MARK: Scale

  @Test func scale() async throws {
    try await server.makeDeployment("scaled", in: server.namespace, replicas: 0)
    let before = try await client.scale(of: .deployments, "scaled", in: server.namespace)
    #expect(before.replicas == 0)
    let version = try #require(before.metadata.resourceVersion)

    let rehearsal = try await setReplicas(to: 5, options: WriteOptions(isDryRun: true))
    #expect(rehearsal.replicas == 5)
    #expect(try await client.scale(of: .deployments, "scaled", in: server.namespace).replicas == 0)

    #expect(try await setReplicas(to: 3).replicas == 3)
    #expect(try await client.get(Deployment.self, "scaled", in: server.namespace).replicas == 3)

    let stale = await failure { () throws(KubernetesError) in
      _ = try await client.setReplicas(
        of: .deployments, "scaled", in: server.namespace, to: 9, resourceVersion: version)
    }
    #expect(stale?.code == .conflict)
    #expect(stale?.status?.reason == "Conflict")
    let negative = await failure { () throws(KubernetesError) in
      _ = try await client.patch(
        .deployments, "scaled", ["spec": ["replicas": -1]], in: server.namespace, subresource: "scale")
    }
    #expect(negative?.code == .invalid)
    #expect(negative?.status?.details?.causes.first?.field == "spec.replicas")
  }

  /// Sets the replicas of what is scaled, as it is now. Its controller writes the status at the same time, so that the
  /// version may be old at once.
  private func setReplicas(
    to replicas: Int, options: WriteOptions = WriteOptions()
  ) async throws(KubernetesError) -> Scale {
    while true {
      let now = try await client.scale(of: .deployments, "scaled", in: server.namespace)
      do throws(KubernetesError) {
        return try await client.setReplicas(
          of: .deployments, "scaled", in: server.namespace, to: replicas,
          resourceVersion: now.metadata.resourceVersion ?? "", options: options)
      } catch {
        guard error.code == .conflict else { throw error }
      }
    }
  }

  @Test func readOnlyClients() async throws {
    try await server.makeDeployment("rehearsed", in: server.namespace, replicas: 1)
    let scale = try await client.scale(of: .deployments, "rehearsed", in: server.namespace)
    for allowsDryRun in [false, true] {
      let reader = KubernetesClient(
        server.cluster(server.admin), access: .readOnly(allowingServerDryRun: allowsDryRun))
      #expect(try await reader.scale(of: .deployments, "rehearsed", in: server.namespace).replicas == 1)
      for isDryRun in [false, true] {
        let error = await failure { () throws(KubernetesError) in
          _ = try await reader.patch(
            .deployments, "rehearsed", ["spec": ["replicas": 7]], in: server.namespace, subresource: "scale",
            options: WriteOptions(isDryRun: isDryRun))
        }
        #expect(error?.code == (isDryRun && allowsDryRun ? nil : .invalidRequest))
      }
    }
    #expect(
      try await client.scale(of: .deployments, "rehearsed", in: server.namespace).replicas == scale.replicas)
  }

  // MARK: Watching

  @Test func reflector() async throws {
    let watched = try await server.makeNamespace("watched")
    let reflector = Reflector(ConfigMap.self, .object("settings", in: watched), client: client)
    let running = Task { await reflector.run() }
    let snapshots = await reflector.snapshots()
    var seen: [String] = []
    for await snapshot in snapshots {
      guard let objects = snapshot.objects else { continue }
      let text = objects["settings"].map { $0.data["config.yaml"] ?? "" } ?? "none"
      guard text != seen.last else { continue }
      seen.append(text)
      switch seen.count {
      case 1:
        let metadata = ObjectMeta(name: "settings", namespace: watched)
        _ = try await client.create(ConfigMap(metadata: metadata, data: ["config.yaml": "a"]))
        // Not one that is followed.
        let other = ObjectMeta(name: "other", namespace: watched)
        _ = try await client.create(ConfigMap(metadata: other, data: [:]))
      case 2:
        _ = try await client.patch(.configMaps, "settings", ["data": ["config.yaml": "b"]], in: watched)
      case 3: try await client.delete(.configMaps, "settings", in: watched)
      default: break
      }
      if seen.count == 4 { break }
    }
    #expect(seen == ["none", "a", "b", "none"])
    running.cancel()
    await running.value
  }

  @Test("a permission for one name is enough to watch it, and for nothing else")
  func permissions() async throws {
    let guarded = try await server.makeNamespace("guarded")
    let user = try await server.addServiceAccount("guest", in: server.namespace).user
    let guest = KubernetesClient(server.cluster(user))
    let question = AccessReview.Question(
      "patch", .deployments, subresource: "scale", namespace: guarded, name: "web")
    #expect(try await !guest.review(question).isAllowed)
    let denied = await failure { () throws(KubernetesError) in
      _ = try await guest.get(ConfigMap.self, "settings", in: guarded)
    }
    #expect(denied?.code == .forbidden)
    #expect(denied?.message.contains("User \"\(user.name)\" cannot get resource \"configmaps\"") == true)

    _ = try await client.create(
      .roles,
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": ["name": "reader"],
        "rules": [
          [
            "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["settings"],
            "verbs": ["get", "list", "watch"],
          ]
        ],
      ], in: guarded)
    _ = try await client.create(
      .roleBindings,
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": ["name": "reader"],
        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reader"],
        "subjects": [["kind": "User", "name": .string(user.name)]],
      ], in: guarded)
    // The server learns of the binding by a watch of its own, so that it is denied at first; the sequence goes on.
    var words: [String] = []
    for await change in ObjectChanges(ConfigMap.self, .object("settings", in: guarded), client: guest) {
      switch change {
      case .interrupted(let error, _): #expect(error.code == .forbidden)
      case .listed(let maps): words.append("listed \(maps.count)")
      case .unchanged where words.count == 1:
        let metadata = ObjectMeta(name: "settings", namespace: guarded)
        _ = try await client.create(ConfigMap(metadata: metadata, data: [:]))
      case .changed(let map): words.append(map.metadata.name)
      default: break
      }
      if words.count == 2 { break }
    }
    #expect(words == ["listed 0", "settings"])
    let everything = await failure { () throws(KubernetesError) in
      _ = try await guest.list(ConfigMap.self, Selection(namespace: guarded))
    }
    #expect(everything?.code == .forbidden)
  }

  // MARK: Events and leases

  @Test func events() async throws {
    let deployment = try await server.makeDeployment("noted", in: server.namespace, replicas: 0)
    let event = KubernetesEvent(
      about: ObjectReference(.deployments, deployment.metadata), .warning, reason: "TooManyJobs",
      message: String(repeating: "é", count: 2000), component: "colonies-autoscaler", at: .now())
    let made = try await client.create(event)
    #expect(made.metadata.name.hasPrefix("noted."))
    #expect(made.message.utf8.count <= 1024)
    _ = try await client.patch(.events, made.metadata.name, ["count": 2], in: server.namespace)
    let found = try await client.list(
      KubernetesEvent.self,
      Selection(namespace: server.namespace, fields: "involvedObject.name=noted,reason=TooManyJobs"))
    #expect(found.items.map(\.count) == [2])
    #expect(found.items.first?.involvedObject.uid == deployment.metadata.uid)
    #expect(found.items.first?.severity == .warning)
  }

  @Test func election() async throws {
    // The times in use: shorter ones are missed on a busy machine.
    let timing = ElectionTiming()
    var electors: [LeaderElector] = []
    var clients: [KubernetesClient] = []
    for name in ["a", "b", "c"] {
      let client = KubernetesClient(server.cluster(server.admin))
      clients.append(client)
      electors.append(
        LeaderElector(client: client, lease: "leader", in: server.namespace, host: name, timing: timing))
    }
    let first = electors[0]
    let one = Task { await first.run() }
    await wait(first) { $0.isLeader }
    let others = electors[1...].map { elector in Task { await elector.run() } }
    for elector in electors[1...] { await wait(elector) { $0.holder == first.identity } }
    #expect(electors.map(\.leadership.isHeld) == [true, false, false])

    // In good order: the others need not wait for the lease's end.
    one.cancel()
    await one.value
    #expect(try await client.get(Lease.self, "leader", in: server.namespace).holderIdentity != first.identity)
    let second = try #require(await winner(of: Array(electors[1...])))
    let lease = try await client.get(Lease.self, "leader", in: server.namespace)
    #expect(lease.holderIdentity == electors[second + 1].identity)
    #expect(lease.leaseTransitions == 1)
    #expect(lease.leaseDurationSeconds == 15)

    // Cut off: the other waits for the lease's duration, and the first one has stopped long before.
    await clients[second + 1].shutdown()
    let third = second == 0 ? 2 : 1
    await wait(electors[third]) { $0.isLeader }
    #expect(!electors[second + 1].leadership.isHeld)
    #expect(try await client.get(Lease.self, "leader", in: server.namespace).leaseTransitions == 2)
    for other in others { other.cancel() }
    for other in others { await other.value }
    #expect(try await client.get(Lease.self, "leader", in: server.namespace).holderIdentity == "")
  }

  private func wait(_ elector: LeaderElector, until condition: (LeaderElector.Standing) -> Bool) async {
    for await standing in await elector.standings() where condition(standing) { return }
  }

  /// The first of several who leads.
  private func winner(of electors: [LeaderElector]) async -> Int? {
    await withTaskGroup(of: Int?.self) { group in
      for (index, elector) in electors.enumerated() {
        group.addTask {
          await wait(elector) { $0.isLeader }
          return elector.leadership.isHeld ? index : nil
        }
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }
}
