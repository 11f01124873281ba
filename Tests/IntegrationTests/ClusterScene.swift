import Colonies
import ColoniesClient
import Files
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport

/// A colony with a queue, and a namespace with a service account for an autoscaler, for one test.
final class ClusterScene: Sendable {
  /// How a program ended, and what it printed.
  struct Ending: Sendable {
    let exit: ChildProcess.Exit
    let output: String
  }

  let cluster: APIServer
  let served: ServedColony
  let namespace: String
  let account: APIServer.ServiceAccount
  private let client: KubernetesClient

  /// The Deployment that is scaled where nothing else is said.
  static let deployment = "web"
  /// The ConfigMap with the configuration.
  static let configMap = "autoscaler"

  /// Makes a scene where the account may do nothing.
  /// - Parameter replicas: How many the Deployment has at first.
  init(_ cluster: APIServer, replicas: Int = 0) async throws {
    self.cluster = cluster
    served = try await ServedColony()
    namespace = try await cluster.makeNamespace("scaled")
    account = try await cluster.addServiceAccount("colonies-autoscaler", in: namespace)
    client = KubernetesClient(cluster.cluster(account.user))
    try await cluster.makeDeployment(Self.deployment, in: namespace, replicas: replicas)
    served.directory.write(served.colony.workers[0].hexadecimal, to: "member.key")
    served.directory.makeDirectory("pod")
    try cluster.write(account, to: served.directory.file("pod"))
    served.directory.write(
      """
      apiVersion: v1
      kind: Config
      current-context: test
      contexts: [{name: test, context: {cluster: test, user: account, namespace: \(namespace)}}]
      clusters: [{name: test, cluster: {server: "\(cluster.cluster(account.user).server)", \
      certificate-authority: ca.crt}}]
      users: [{name: account, user: {tokenFile: token}}]
      """, to: "pod/kubeconfig")
  }

  /// Makes a scene whose account may do what `run` needs for a configuration, and where the ConfigMap says it.
  /// - Parameter configuration: Makes its text; the usual one by default.
  static func ready(
    _ cluster: APIServer, replicas: Int = 0,
    _ configuration: (ClusterScene) -> String = { $0.configuration() }
  ) async throws -> ClusterScene {
    let scene = try await ClusterScene(cluster, replicas: replicas)
    let text = configuration(scene)
    try await scene.grant(text)
    try await scene.configure(text)
    return scene
  }

  /// The service account's kubeconfig, beside the files that a pod would have.
  var kubeconfig: String { served.directory.file("pod/kubeconfig") }

  // MARK: Configuration

  /// A configuration with one scaler, or these.
  func configuration(_ scalers: [String]? = nil) -> String {
    """
    servers:
      test: {host: 127.0.0.1, port: \(served.endpoint.port), api: executor}
    scalers:
    \((scalers ?? [scaler()]).map { "  - \($0)" }.joined(separator: "\n"))

    """
  }

  /// A scaler for the colony's queue, in one line.
  /// - Parameters:
  ///   - scaleDown: More of what it says about shrinking.
  ///   - rules: More of its keys.
  func scaler(
    _ name: String = "jobs", target: String = "kind: Deployment, name: \(deployment)",
    scaleDown: String = "", _ rules: String = ""
  ) -> String {
    "{name: \(name), colony: {name: \(served.colony.reference.name)}, "
      + "credentials: {file: \(served.directory.file("member.key"))}, executorType: \(TestColony.workerType), "
      + "max: 20, pollInterval: 250ms, scaleDown: {idleFor: 2s\(scaleDown.isEmpty ? "" : ", \(scaleDown)")}, "
      + "target: {\(target)}"
      + (rules.isEmpty ? "}" : ", \(rules)}")
  }

  /// Makes the ConfigMap say this.
  func configure(_ text: String) async throws {
    let map: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(Self.configMap)],
      "data": ["config.yaml": .string(text)],
    ]
    try await cluster.apply(map.text(), in: namespace)
  }

  /// Makes the configuration a file.
  /// - Returns: Its path.
  func write(_ configuration: String) -> String {
    served.directory.write(configuration, to: "autoscaler.yaml")
  }

  // MARK: Rights

  /// Gives the account what `rbac` prints for a configuration. Returns when it is in force.
  /// - Parameter asksCluster: Whether a target's kind has to be looked up.
  func grant(_ configuration: String, for purpose: String = "run", asksCluster: Bool = false) async throws {
    let path = served.directory.write(configuration, to: "granted.yaml")
    let printed = try await run(
      [
        "rbac", "--config", path, "--namespace", namespace, "--config-map", Self.configMap, "--for", purpose,
      ] + (asksCluster ? ["--kubeconfig", cluster.kubeconfig] : []))
    guard printed.exit == .code(0) else { throw Failure("rbac: \(printed)") }
    try await cluster.apply(printed.output)
    try await waitUntilAccount(may: true)
  }

  /// Takes away what `grant` gave. Returns when it is not in force any more.
  func revoke() async throws {
    try await cluster.client.delete(.roleBindings, account.name, in: namespace)
    try await waitUntilAccount(may: false)
  }

  private func waitUntilAccount(may isAllowed: Bool) async throws {
    // In the Role of every configuration, and a Role is in force as a whole.
    let question = AccessReview.Question(
      "watch", .configMaps, namespace: namespace, name: Self.configMap)
    try await cluster.poll("the account may \(isAllowed ? "" : "not ")watch its ConfigMap") {
      try await client.review(question).isAllowed == isAllowed
    }
  }

  // MARK: Programs

  /// Runs the autoscaler's program to its end.
  func run(_ arguments: [String]) async throws -> Ending {
    let log = served.directory.file("run-\(UInt32.random(in: 0 ... .max)).log")
    let program = try ChildProcess(
      [try BuiltProgram.path(of: "colonies-autoscaler")] + arguments, logFile: log)
    let exit = await program.exit()
    return Ending(exit: exit, output: program.log)
  }

  /// Runs `plan` as the service account.
  func plan(_ options: String..., config: String? = nil) async throws -> Ending {
    try await run(["plan", "--config", config ?? configSource, "--kubeconfig", kubeconfig] + options)
  }

  /// Starts an autoscaler. Returns when it answers questions about itself.
  /// - Parameter config: Where its configuration is; by default in the ConfigMap.
  func start(
    _ options: String..., name: String = "first", config: String? = nil
  ) async throws -> ClusterAutoscaler {
    try await ClusterAutoscaler.started(
      ["--config", config ?? configSource, "--kubeconfig", kubeconfig] + options, name: name,
      in: served.directory)
  }

  private var configSource: String { "configmap/\(namespace)/\(Self.configMap)" }

  // MARK: The queue and the target

  /// Submits processes.
  /// - Returns: Their ids.
  @discardableResult
  func submit(_ count: Int) async throws -> [String] {
    var ids: [String] = []
    for _ in 0..<count { ids.append(try await served.submit().id) }
    return ids
  }

  /// Deletes all processes.
  func clearQueue() async throws {
    try await served.client.removeAllProcesses(of: served.colony.reference, key: served.colony.key)
  }

  func waitForReplicas(
    _ replicas: Int, of name: String = deployment, within limit: Duration = .seconds(60)
  ) async throws {
    try await cluster.waitForReplicas(replicas, of: name, in: namespace, within: limit)
  }

  func target(_ name: String = deployment) async throws -> Deployment {
    try await cluster.client.get(Deployment.self, name, in: namespace)
  }

  /// The Events about the namespace's objects that the autoscaler wrote.
  func events(_ reason: String? = nil) async throws -> [KubernetesEvent] {
    try await cluster.client.list(KubernetesEvent.self, Selection(namespace: namespace)).items
      .filter { $0.component == "colonies-autoscaler" && (reason == nil || $0.reason == reason) }
  }

  /// Waits for an Event, which the autoscaler writes beside its work.
  func event(_ reason: String) async throws -> KubernetesEvent {
    try await eventually("there is an Event \(reason)") {
      try await events(reason).first
    }
  }
}
