import AutoscalerController
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  @Suite("The autoscaler's permissions", .serialized)
  struct PermissionTests {
    let cluster: APIServer

    init() throws { cluster = try ClusterTests.cluster() }

    @Test("without any, each that is missing is told with the rule that grants it")
    func none() async throws {
      let scene = try await ClusterScene(cluster)
      let file = scene.write(scene.configuration())
      let printed = try await scene.run(
        ["rbac", "--config", file, "--namespace", scene.namespace, "--output", "json"])
      let rules = try self.rules(in: JSONValue(parsing: printed.output.utf8))
      #expect(rules.count == 8, "\(printed.output)")

      let autoscaler = try await scene.start("--leader-elect", config: file)
      try await cluster.poll("every missing permission is told") {
        try autoscaler.lines("permissionMissing").count >= rules.count
      }
      let told = try autoscaler.lines("permissionMissing").compactMap { $0["message"]?.string }
      #expect(told.count == rules.count)
      for rule in rules {
        #expect(told.contains { $0.contains(rule) && $0.contains(scene.namespace) }, "\(rule) in \(told)")
      }
      #expect(try await autoscaler.page("/readyz").text.contains("[-]leaderElection failed"))
      #expect(await autoscaler.stop() == .code(0))

      let plan = try await scene.plan("--for", "run", config: file)
      #expect(plan.exit == .code(1))
      // A plan takes part in no election.
      for rule in rules where !rule.contains("leases") {
        #expect(plan.output.contains(rule), "\(rule) in \(plan.output)")
      }
    }

    /// The rules of the Roles in a list, as they are told to people: each resource by itself.
    private func rules(in list: JSONValue) throws -> [String] {
      try (list["items"]?.array ?? []).flatMap { $0["rules"]?.array ?? [] }.flatMap { rule -> [String] in
        let resources = rule["resources"]?.array ?? []
        return try resources.indices.map { index in
          let parts = try ["apiGroups", "resources", "resourceNames", "verbs"].compactMap { key -> String? in
            guard let values = rule[key]?.array else { return nil }
            let isOfResource = key == "apiGroups" || key == "resources"
            let texts = try (isOfResource ? [values[index]] : values).map { "\"\(try #require($0.string))\"" }
            return "\(key): [\(texts.joined(separator: ", "))]"
          }
          return "{\(parts.joined(separator: ", "))}"
        }
      }
    }

    @Test("when they are taken away, the autoscaler says so, and goes on when they are back")
    func takenAway() async throws {
      let scene = try await ClusterScene.ready(cluster)
      let autoscaler = try await scene.start("--leader-elect")
      try await scene.submit(2)
      try await scene.waitForReplicas(2)
      try await scene.revoke()
      try await scene.submit(1)
      // While it leads, which it does for a few seconds more: then its scalers end, and their numbers with them.
      try await cluster.poll("the refusal is counted") {
        try await autoscaler.total("target_errors_total", #"code="denied""#) > 0
      }
      try await cluster.poll("the refusal is told") {
        try autoscaler.lines("targetFailed").contains { $0["metadata"]?["reason"]?.string == "denied" }
          && !autoscaler.lines("electionFailed").isEmpty
      }
      #expect(try await autoscaler.page("/healthz").status == 200)
      #expect(try await scene.target().replicas == 2)
      // It leads for as long as its last renewal lasts.
      let denial = /\[-\]leaderElection failed: .*forbidden/
      try await cluster.poll("it is not ready, as it can lead no more") {
        let readiness = try await autoscaler.page("/readyz")
        return readiness.status == 503 && readiness.text.contains(denial)
      }
      try await scene.grant(scene.configuration())
      try await scene.waitForReplicas(3)
      #expect(try await autoscaler.page("/readyz").status == 200)
      #expect(await autoscaler.stop() == .code(0))
    }

    @Test(
      "rbac prints the least: with any one rule away, exactly that one is missing",
      arguments: RequiredPermissions.Purpose.allCases)
    func least(purpose: RequiredPermissions.Purpose) async throws {
      let scene = try await ClusterScene(cluster)
      let text = scene.configuration()
      try await scene.grant(text, for: purpose.rawValue)
      let source = try ConfigurationSource(scene.write(text), defaultNamespace: scene.namespace)
      let required = try await RequiredPermissions(
        source.load(nil),
        own: .init(
          configMap: ConfigMapReference(namespace: scene.namespace, name: ClusterScene.configMap),
          lease: LeaseReference(namespace: scene.namespace, name: "colonies-autoscaler")),
        purpose: purpose, defaultNamespace: scene.namespace
      ) { (apiVersion, kind) throws(KubernetesError) in
        try await cluster.client.resource(apiVersion: apiVersion, kind: kind)
      }
      let account = KubernetesClient(
        cluster.cluster(scene.account.user),
        configuration: .init(requestsPerSecond: 1000, burst: 1000))
      #expect(try await required.missing(account).isEmpty)
      let role = try await cluster.client.get(.roles, scene.account.name, in: scene.namespace)
      let rules = try #require(role["rules"]?.array)
      #expect(rules.count == [.run: 8, .serverDryRun: 5, .dryRun: 4][purpose])
      for index in rules.indices {
        var fewer = rules
        let removed = fewer.remove(at: index)
        try await setRules(fewer, of: scene)
        try await cluster.poll("a permission is missing without \(removed.text())") {
          try await !required.missing(account).isEmpty
        }
        // Each verb is reviewed by itself, and the API server may take the fewer rules in between two reviews: only
        // the answer after the first with something missing is sure to be of one moment.
        let missing = try await required.missing(account)
        #expect(removed["resources"]?.array == missing.map { .string($0.rule.resource) })
        for rule in missing.map(\.rule) {
          #expect(removed["verbs"] == .strings(rule.verbs))
          #expect(removed["resourceNames"]?.array ?? [] == rule.names.map(JSONValue.string))
        }
        try await setRules(rules, of: scene)
        try await cluster.poll("nothing is missing") { try await required.missing(account).isEmpty }
      }
      await account.shutdown()
    }

    private func setRules(_ rules: [JSONValue], of scene: ClusterScene) async throws {
      _ = try await cluster.client.patch(
        .roles, scene.account.name, ["rules": .array(rules)], in: scene.namespace)
    }
  }
}
