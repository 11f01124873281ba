import AutoscalerController
import ColoniesClient
import KubernetesClient
import TestSupport
import Testing
import YAML

/// What is true of the manifests wherever they are applied.
@Suite("Manifests", .timeLimit(.minutes(10)))
struct ManifestTests {
  @Test("Every object has a place and the usual labels", arguments: Overlay.allCases)
  func places(_ overlay: Overlay) async throws {
    let objects = try await overlay.built()
    #expect(objects.count >= 8)
    for object in objects {
      #expect((object.namespace == nil) == (object.kind == "Namespace"), "\(object)")
      #expect(object.labels["app.kubernetes.io/part-of"] == "colonies", "\(object)")
      #expect(object.kind == "Namespace" || object.labels["app.kubernetes.io/name"] != nil, "\(object)")
    }
    #expect(Set(objects.map(\.description)).count == objects.count)
  }

  @Test(
    "Pods keep the restricted Pod Security standard, which the namespaces enforce",
    arguments: Overlay.allCases)
  func podSecurity(_ overlay: Overlay) async throws {
    let objects = try await overlay.built()
    let templates = objects.compactMap(PodTemplate.init)
    #expect(templates.count == (overlay == .tutorial ? 3 : 1))
    for template in templates { #expect(template.problems == [], "\(template.owner)") }
    for namespace in objects where namespace.kind == "Namespace" {
      #expect(namespace.labels["pod-security.kubernetes.io/enforce"] == "restricted")
    }
    for account in objects where account.kind == "ServiceAccount" {
      #expect(account["automountServiceAccountToken"]?.scalar?.boolean == false, "\(account)")
    }
    let withToken = templates.filter { $0.spec["automountServiceAccountToken"]?.scalar?.boolean == true }
    #expect(withToken.map(\.owner.name) == ["colonies-autoscaler"])
  }

  @Test("The autoscaler may do what its configuration needs, and nothing else", arguments: Overlay.allCases)
  func permissions(_ overlay: Overlay) async throws {
    let objects = try await overlay.built()
    #expect(!objects.contains { $0.kind.hasPrefix("Cluster") })
    let roles = objects.filter { $0.kind == "Role" }
    for role in roles { #expect((1...8).contains(Permission.all(of: role).count), "\(role)") }
    let granted = Set(roles.flatMap(Permission.all))
    for permission in granted {
      #expect(!permission.resources.contains { $0.hasPrefix("secrets") })
      #expect(!(permission.groups + permission.resources + permission.verbs).contains("*"))
    }

    let configMap = try #require(objects.first { $0.kind == "ConfigMap" })
    let own = try #require(configMap.namespace)
    let needed = try await RequiredPermissions(
      try configuration(configMap),
      own: RequiredPermissions.Own(
        configMap: ConfigMapReference(namespace: own, name: configMap.name),
        lease: LeaseReference(namespace: own, name: "colonies-autoscaler")),
      purpose: overlay == .readOnly ? .dryRun : .run, defaultNamespace: own
    ) { (version, kind) throws(KubernetesError) in
      Issue.record("the overlay scales a \(kind) of \(version), which only a cluster knows")
      return .deployments
    }
    #expect(granted == Set(Permission.all(of: needed)))

    let bindings = objects.filter { $0.kind == "RoleBinding" }
    #expect(bindings.count == roles.count)
    for binding in bindings {
      #expect(
        roles.contains { $0.name == binding["roleRef"]?["name"]?.text && $0.namespace == binding.namespace },
        "\(binding)")
      let subjects = binding["subjects"]?.elements ?? []
      #expect(subjects.count == 1)
      for subject in subjects {
        #expect(
          subject.texts == ["kind": "ServiceAccount", "name": "colonies-autoscaler", "namespace": own],
          "\(binding)")
      }
    }
  }

  @Test("The autoscaler finds its configuration, its key and what it scales", arguments: Overlay.allCases)
  func configuration(_ overlay: Overlay) async throws {
    let objects = try await overlay.built()
    let configMap = try #require(objects.first { $0.kind == "ConfigMap" })
    let deployment = try #require(
      objects.first { $0.kind == "Deployment" && $0.name == "colonies-autoscaler" })
    #expect(configMap.namespace == deployment.namespace)
    let pods = try #require(PodTemplate(deployment))
    let arguments = pods.containers[0]["args"]?.list ?? []
    #expect(arguments.contains("--config=configmap/\(configMap.name)"))
    #expect(arguments.contains("--leader-elect") == (overlay != .readOnly))
    #expect(arguments.contains("--dry-run") == (overlay == .readOnly))
    #expect(deployment["spec"]?["replicas"]?.text == (overlay == .readOnly ? "1" : "2"))

    let scaler = try #require(try configuration(configMap).scalers.first)
    guard case .file(let key) = scaler.credentials else {
      Issue.record("the key is not in a file")
      return
    }
    #expect(pods.secretFiles == [key: "RUNTIMEPRVKEY"])
    guard overlay == .tutorial else { return }
    let server = scaler.server.endpoint
    let service = try #require(objects.first { $0.kind == "Service" })
    #expect(service.name == server.host)
    #expect(service["spec"]?["ports"]?[0]?["port"]?.scalar?.integer == server.port)
    guard case .scalable(let target) = scaler.target else {
      Issue.record("the target is not in the cluster")
      return
    }
    #expect(
      objects.contains {
        $0.kind == target.reference.kind && $0.name == target.reference.name
          && $0.namespace == target.namespace
      })
  }

  @Test("A worker is told to go before it is made to, and its number is the autoscaler's alone")
  func worker() async throws {
    let objects = try await Overlay.tutorial.built()
    let deployment = try #require(objects.first { $0.name == "fibonacci-deployment" })
    #expect(deployment["spec"]?["replicas"] == nil)
    let pods = try #require(PodTemplate(deployment))
    let container = pods.containers[0]
    #expect(
      container["lifecycle"]?["preStop"]?["exec"]?["command"]?.list
        == ["/usr/bin/fibonacci-worker", "unregister"])
    for probe in ["startupProbe", "livenessProbe"] {
      let command = container[probe]?["exec"]?["command"]?.list ?? []
      #expect(Array(command.prefix(2)) == ["/usr/bin/fibonacci-worker", "healthy"])
    }
    // A pod that became unready while it works would be the first to go.
    #expect(container["readinessProbe"] == nil)
    var variables: [String: YAMLNode] = [:]
    for variable in container["env"]?.elements ?? [] { variables[variable["name"]?.text ?? ""] = variable }
    let grace = try #require(variables["WORKER_GRACE_SECONDS"]?["value"]?.text.flatMap { Int($0) })
    let patience = try #require(pods.spec["terminationGracePeriodSeconds"]?.scalar?.integer)
    #expect(grace + 10 <= patience)
    #expect(variables["POD_NAME"]?["valueFrom"]?["fieldRef"]?["fieldPath"]?.text == "metadata.name")
    #expect(
      pods.secretFiles == [try #require(variables["COLONYPRVKEY_FILE"]?["value"]?.text): "COLONYPRVKEY"])
    // Every container has a place to write to, and only that one.
    #expect(container["volumeMounts"]?.elements?.map { $0["mountPath"]?.text } == ["/etc/colonies", "/tmp"])
    for service in objects where service.kind == "Service" {
      // Kubernetes would set COLONIES_SERVER_PORT for it.
      #expect(service.name != "colonies-server")
    }
  }

  @Test("Traffic is only what there has to be", arguments: Overlay.allCases)
  func network(_ overlay: Overlay) async throws {
    let objects = try await overlay.built()
    let policies = objects.filter { $0.kind == "NetworkPolicy" }
    for pods in objects.compactMap(PodTemplate.init) {
      let selecting = policies.filter { policy in
        let selected = policy["spec"]?["podSelector"]?["matchLabels"]?.texts ?? [:]
        return policy.namespace == pods.owner.namespace && !selected.isEmpty
          && selected.allSatisfy { pods.labels[$0.key] == $0.value }
      }
      try #require(selecting.count == 1, "\(pods.owner)")
      let policy = selecting[0]
      #expect(policy["spec"]?["policyTypes"]?.list == ["Ingress", "Egress"])
      let open = Set(
        (policy["spec"]?["ingress"]?.elements ?? []).flatMap { $0["ports"]?.elements ?? [] }.map(\.texts))
      let ports = Set(
        pods.containers.flatMap { $0["ports"]?.elements ?? [] }.map { $0["containerPort"]?.text })
      #expect(Set(open.map { $0["port"] }) == ports, "\(pods.owner)")
    }
    for budget in objects where budget.kind == "PodDisruptionBudget" {
      #expect(overlay != .readOnly)
      #expect(budget.apiVersion == "policy/v1")
      #expect(budget["spec"]?["maxUnavailable"]?.text == "1")
    }
    #expect(objects.contains { $0.kind == "PodDisruptionBudget" } == (overlay != .readOnly))
  }

  @Test("The autoscaler may reach an API server at its usual ports", arguments: Overlay.allCases)
  func apiServerPorts(_ overlay: Overlay) async throws {
    let policy = try #require(
      try await overlay.built().first { $0.kind == "NetworkPolicy" && $0.name == "colonies-autoscaler" })
    let open = Set(
      (policy["spec"]?["egress"]?.elements ?? []).flatMap { $0["ports"]?.elements ?? [] }.map(\.texts))
    // In most clusters, in minikube, and in MicroK8s.
    for port in ["443", "6443", "8443", "16443"] {
      #expect(open.contains(["protocol": "TCP", "port": port]), "\(port)")
    }
  }

  @Test("There is no Secret and nothing that looks like a key", arguments: Overlay.allCases)
  func secrets(_ overlay: Overlay) async throws {
    for object in try await overlay.built() {
      #expect(object.kind != "Secret")
      let words = object.text.split { !$0.isHexDigit }
      #expect(!words.contains { $0.count >= 40 }, "\(object)")
    }
  }

  private func configuration(_ configMap: Manifest) throws -> AutoscalerConfiguration {
    try AutoscalerConfiguration(reading: Array(configMap.text.utf8), file: configMap.description)
  }
}
