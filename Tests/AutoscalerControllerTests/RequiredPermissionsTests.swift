import Autoscaling
import JSON
import KubernetesClient
import Testing

@testable import AutoscalerController

@Suite("The least permissions")
struct RequiredPermissionsTests {
  private func scaler(_ name: String, kind: String = "Deployment", namespace: String? = nil) throws
    -> ScalerConfiguration
  {
    var scaler = try ScalerConfiguration.sample(name)
    scaler.target = .scalable(
      ScaleTargetConfiguration(
        reference: ScaleTargetReference(
          apiVersion: kind == "Worker" ? "jobs.example/v1" : "apps/v1", kind: kind, name: name),
        namespace: namespace))
    return scaler
  }

  private func rules(
    _ scalers: [ScalerConfiguration], purpose: RequiredPermissions.Purpose = .run,
    own: RequiredPermissions.Own = RequiredPermissions.Own()
  ) async throws -> [String: [String]] {
    let required = try await RequiredPermissions(
      AutoscalerConfiguration(servers: [], scalers: scalers), own: own, purpose: purpose,
      defaultNamespace: "home"
    ) { (apiVersion, kind) throws(KubernetesError) in
      APIResource(group: "jobs.example", version: "v1", plural: "workers", kind: kind)
    }
    return Dictionary(
      uniqueKeysWithValues: required.namespaces.map { ($0.namespace, $0.rules.map(\.description)) })
  }

  @Test("one Deployment, its ConfigMap and a lease take nine rules")
  func one() async throws {
    let own = RequiredPermissions.Own(
      configMap: ConfigMapReference(namespace: "home", name: "config"),
      lease: LeaseReference(namespace: "home", name: "lease"))
    #expect(
      try await rules([try scaler("web")], own: own) == [
        "home": [
          "get,list,watch deployments.apps web", "patch deployments.apps/scale web",
          "list pods", "list,watch horizontalpodautoscalers.autoscaling", "list,watch scaledobjects.keda.sh",
          "get,list,watch configmaps config", "create leases.coordination.k8s.io",
          "get,list,watch,update leases.coordination.k8s.io lease", "create,patch events",
        ]
      ])
  }

  @Test("who chooses the pods that go must see and mark them, and all in one namespace is still eight rules")
  func scaleIn() async throws {
    var scaler = try scaler("web")
    scaler.scaleIn = ScaleInConfiguration()
    #expect(try await rules([scaler])["home"]?.contains("list,watch,patch pods") == true)
    #expect(try await rules([scaler], purpose: .dryRun)["home"]?.contains("list,watch pods") == true)
    scaler.scaleIn?.cordon = .none
    #expect(try await rules([scaler])["home"]?.filter { $0.contains("pods") } == ["list pods"])
    scaler.scaleIn?.cordon = .approval
    let own = RequiredPermissions.Own(
      configMap: ConfigMapReference(namespace: "home", name: "config"),
      lease: LeaseReference(namespace: "home", name: "lease"))
    let required = try await RequiredPermissions(
      AutoscalerConfiguration(servers: [], scalers: [scaler]), own: own, purpose: .run,
      defaultNamespace: "home"
    ) { (_, kind) throws(KubernetesError) in throw KubernetesError(.notFound, kind) }
    #expect(required.namespaces.map(\.rules.count) == [9])
    let subject = RequiredPermissions.Subject.serviceAccount(namespace: "ops", name: "autoscaler")
    let role = try #require(required.documents(named: "n", for: subject).first)
    #expect(role["rules"]?.array?.count == 8)
    let joined = role["rules"]?.array?.first { $0["resources"]?.array?.count == 2 }
    #expect(joined?["apiGroups"] == .strings(["autoscaling", "keda.sh"]))
    #expect(joined?["resources"] == .strings(["horizontalpodautoscalers", "scaledobjects"]))
  }

  @Test("a dry run asks for nothing that writes")
  func dryRun() async throws {
    let own = RequiredPermissions.Own(
      configMap: ConfigMapReference(namespace: "home", name: "config"),
      lease: LeaseReference(namespace: "home", name: "lease"))
    let verbs = try await rules([try scaler("web")], purpose: .dryRun, own: own).values.flatMap { $0 }
    #expect(verbs.count == 5)
    #expect(verbs.allSatisfy { $0.hasPrefix("get") || $0.hasPrefix("list") })
    #expect(!verbs.contains { $0.contains("patch") || $0.contains("create") || $0.contains("update") })
  }

  @Test("namespaces have their own rules, and kinds that not every cluster has are asked for")
  func several() async throws {
    let found = try await rules([
      try scaler("a", namespace: "one"), try scaler("b", kind: "StatefulSet", namespace: "one"),
      try scaler("c", kind: "Worker", namespace: "two"),
    ])
    #expect(found.keys.sorted() == ["one", "two"])
    #expect(found["one"]?.prefix(4).contains("patch statefulsets.apps/scale b") == true)
    #expect(
      found["two"]?.prefix(2) == [
        "get,list,watch workers.jobs.example c", "get,patch workers.jobs.example/scale c",
      ])
  }

  @Test("with many objects of a kind the namespace is watched, and each may still be changed by name only")
  func many() async throws {
    let scalers = try (1...ClusterView.watchedByName + 1).map { try scaler("d\($0)") }
    let found = try #require(try await rules(scalers)["home"])
    #expect(found[0] == "get,list,watch deployments.apps")
    #expect(found[1].hasPrefix("patch deployments.apps/scale d1,d2,"))
    #expect(
      try await rules(Array(scalers.dropLast()))["home"]?[0].hasPrefix("get,list,watch deployments.apps d1,")
        == true)
  }

  @Test("to ask a running autoscaler takes a lease and a pod's proxy, each in its namespace")
  func explain() {
    func rules(_ namespace: String, lease: String) -> [String: [String]] {
      let required = RequiredPermissions.toExplain(
        in: namespace, lease: LeaseReference(namespace: lease, name: "lease"))
      return Dictionary(
        uniqueKeysWithValues: required.namespaces.map { ($0.namespace, $0.rules.map(\.description)) })
    }
    let get = "get leases.coordination.k8s.io lease"
    #expect(rules("home", lease: "home") == ["home": [get, "get pods/proxy"]])
    #expect(rules("home", lease: "other") == ["home": ["get pods/proxy"], "other": [get]])
  }

  @Test("a person is a subject, too")
  func person() {
    let required = RequiredPermissions.toExplain(
      in: "home", lease: LeaseReference(namespace: "home", name: "lease"))
    let binding = required.documents(named: "n", for: .user("jane")).last
    #expect(
      binding?["subjects"]?[0] == [
        "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "jane",
      ])
  }

  @Test("a manifest has a Role and a RoleBinding for each namespace")
  func manifest() async throws {
    let required = try await RequiredPermissions(
      AutoscalerConfiguration(servers: [], scalers: [try scaler("a", namespace: "one"), try scaler("b")]),
      own: RequiredPermissions.Own(), purpose: .run, defaultNamespace: "home"
    ) { (_, kind) throws(KubernetesError) in throw KubernetesError(.notFound, kind) }
    let subject = RequiredPermissions.Subject.serviceAccount(namespace: "ops", name: "autoscaler")
    let kinds = required.documents(named: "n", for: subject).map { $0["kind"]?.string }
    #expect(kinds == ["Role", "RoleBinding", "Role", "RoleBinding"])
    #expect(
      required.manifest(named: "role", for: subject).hasPrefix(
        """
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: role
          namespace: home
        rules:
          - apiGroups:
              - apps
            resources:
              - deployments
            resourceNames:
              - b
            verbs:
              - get
              - list
              - watch

        """))
  }

  @Test("what is missing is told with the rule that grants it")
  func missing() {
    let missing = MissingPermission(
      namespace: "home",
      rule: PermissionRule(
        .deployments, subresource: "scale", names: ["web"], verbs: ["patch"], purpose: "read and set replicas"
      ))
    #expect(
      missing.description
        == "may not patch deployments.apps/scale web in home, to read and set replicas; this rule of a Role grants "
        + "it: {apiGroups: [\"apps\"], resources: [\"deployments/scale\"], resourceNames: [\"web\"], "
        + "verbs: [\"patch\"]}")
  }
}
