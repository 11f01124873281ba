internal import Colonies
internal import JSON
internal import KubernetesClient
internal import KubernetesTestSupport
internal import Locking
internal import TestSupport

/// A Deployment of workers that is scaled by the queue of a colony of its own.
final class SoakTarget: Sendable {
  let name: String
  let colony: SoakColony
  let combination: SoakCombination
  /// Targets that go to zero, and targets that keep a worker, have different ends.
  let minimum: Int
  private let plan: SoakPlan
  private let scaleInMoments = Locked<[Int64]>([])

  static let image = "soak-worker"

  init(
    _ name: String, colony: SoakColony, _ combination: SoakCombination, minimum: Int, _ plan: SoakPlan
  ) {
    self.name = name
    self.colony = colony
    self.combination = combination
    self.minimum = minimum
    self.plan = plan
  }

  /// When the Deployment was seen to be given fewer replicas, in microseconds since 1970.
  var scaleIns: [Int64] { scaleInMoments.withLock { $0 } }

  func noteScaleIn(at moment: KubernetesTime) { scaleInMoments.withLock { $0.append(moment.microseconds) } }

  /// Makes the Deployment.
  func make(in namespace: String, _ queue: SoakQueue, _ client: KubernetesClient) async throws {
    let labels: JSONValue = ["app": .string(name)]
    let variables = [
      ("COLONIES_SERVER_HOST", "127.0.0.1"), ("COLONIES_SERVER_PORT", "\(queue.port)"),
      ("COLONYID", colony.reference.id), ("COLONIES_COLONY_NAME", colony.reference.name),
      ("COLONIES_API", combination.api.rawValue), ("COLONIES_COLONY_PRVKEY", colony.owner.hexadecimal),
      ("COLONIES_EXECUTOR_TYPE", SoakColony.workerType), ("LOG_FORMAT", "json"),
      ("WORKER_CONCURRENCY", "\(combination.concurrency)"),
      // Less than the pod's, which preStop and the end of the worker share.
      ("WORKER_GRACE_SECONDS", "\(plan.graceSeconds - 5)"),
    ]
    var environment = variables.map { name, value -> JSONValue in
      ["name": .string(name), "value": .string(value)]
    }
    environment.append(["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]])
    let deployment: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
      "spec": [
        "replicas": .integer(minimum), "selector": ["matchLabels": labels],
        "template": [
          "metadata": ["labels": labels],
          "spec": [
            "terminationGracePeriodSeconds": .integer(plan.graceSeconds),
            "automountServiceAccountToken": false,
            "containers": [
              [
                "name": "worker", "image": .string(Self.image), "env": .array(environment),
                "lifecycle": ["preStop": ["exec": ["command": ["soak-worker", "unregister"]]]],
              ]
            ],
          ],
        ],
      ],
    ]
    _ = try await client.create(.deployments, deployment, in: namespace)
  }

  /// The target's part of the autoscaler's configuration.
  func scaler(namespace: String, in directory: TemporaryDirectory) -> String {
    let member = directory.write(colony.member.hexadecimal, to: "\(name).key")
    let owner = directory.write(colony.owner.hexadecimal, to: "\(name).owner.key")
    return """
        - name: \(name)
          server: \(combination.api)
          colony: {name: \(colony.reference.name), id: \(colony.reference.id)}
          credentials: {file: \(member)}
          ownerCredentials: {file: \(owner)}
          executorType: \(SoakColony.workerType)
          min: \(minimum)
          max: \(plan.maximum)
          processesPerReplica: \(combination.concurrency)
          pollInterval: 500ms
          scaleDown: {idleFor: 1s, cordon: \(combination.cordon), deletionCost: honored, orphansAfter: 90s}
          target: {kind: Deployment, namespace: \(namespace), name: \(name)}
      """
  }

  // MARK: Load

  /// Submits work at random until it is cancelled: bursts of jobs of 50 ms to 5 s, and pauses in which workers become
  /// superfluous.
  func load(seed: UInt64) async throws {
    var randomness = SplitMix64(seed: seed)
    while !Task.isCancelled {
      for _ in 0..<randomness.next(in: 1...plan.maximum + 1) { try await submitAny(using: &randomness) }
      let pause = randomness.chance(50) ? randomness.next(in: 3000...8000) : randomness.next(in: 100...2500)
      // Cancelled: the loop ends.
      try? await ContinuousClock().sleep(for: .milliseconds(pause))
    }
  }

  /// Submits a job of a random length: short ones are more frequent.
  func submitAny(using randomness: inout SplitMix64) async throws {
    var length = 50
    while length < 2500, randomness.chance(65) { length *= 2 }
    try await colony.submit(.milliseconds(randomness.next(in: length...min(2 * length, 5000))))
  }
}
