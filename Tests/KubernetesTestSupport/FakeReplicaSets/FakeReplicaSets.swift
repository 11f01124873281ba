internal import JSON
package import KubernetesClient
internal import Locking
internal import TestSupport

/// The controller of ReplicaSets of a new cluster, for tests whose API server is old: it chooses the pods that go by
/// their deletion costs, as it sees them, which may be late.
///
/// Goes with an API server whose own controller of ReplicaSets does not run: see ``APIServer/Controllers``.
package actor FakeReplicaSets {
  /// A pod that was chosen to go.
  package struct Victim: Sendable {
    package let pod: ObservedPod
    /// When its deletion was asked for, before that was sent.
    package let moment: KubernetesTime

    package init(pod: ObservedPod, moment: KubernetesTime) {
      self.pod = pod
      self.moment = moment
    }
  }

  private let client: KubernetesClient
  private let sets: LateCache<DynamicObject>
  private let pods: LateCache<ObservedPod>
  private var randomness: SplitMix64
  /// The ReplicaSets to look at, by id.
  private var dirty: Set<String> = []
  /// What was asked for and has not come to the cache yet, by the ReplicaSet's id: as long as there is any of it, what
  /// the cache says is not believed, as the real controller does with its expectations.
  private var expected: [String: Expectation] = [:]
  /// The pods that were chosen to go, in order.
  private(set) package var victims: [Victim] = []
  /// What the API server has refused, in order; it is tried again.
  private(set) package var refusals: [KubernetesError] = []
  private let (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  private struct Expectation {
    var created: Set<String> = []
    var deleted: Set<String> = []
    var isEmpty: Bool { created.isEmpty && deleted.isEmpty }
  }

  private init(_ server: APIServer, _ namespace: String, lateness: ClosedRange<Duration>, seed: UInt64) {
    client = server.client
    var randomness = SplitMix64(seed: seed)
    sets = LateCache(
      ObjectChanges(of: .replicaSets, Selection(namespace: namespace), client: client), lateness: lateness,
      seed: randomness.next())
    pods = LateCache(
      ObjectChanges(of: .pods, Selection(namespace: namespace), client: client), lateness: lateness,
      seed: randomness.next())
    self.randomness = randomness
  }

  /// Cares for the ReplicaSets of a namespace while a body runs.
  /// - Parameter lateness: How late what it knows may be.
  package static func run<Value: Sendable>(
    in namespace: String, of server: APIServer, lateness: ClosedRange<Duration> = .zero ... .zero,
    seed: UInt64 = 1, _ body: (FakeReplicaSets) async throws -> Value
  ) async throws -> Value {
    precondition(!server.hasReplicaSetController, "two would make pods for the same ReplicaSets")
    let fake = FakeReplicaSets(server, namespace, lateness: lateness, seed: seed)
    return try await withThrowingTaskGroup { group in
      group.addTask { await fake.work() }
      defer { group.cancelAll() }
      return try await body(fake)
    }
  }

  /// The pods as they are known here.
  package var knownPods: [ObservedPod] { pods.objects.map { Array($0.values) } ?? [] }

  private func work() async {
    await withTaskGroup { group in
      group.addTask {
        await self.sets.run { changed in await self.mark(changed.compactMap(\.metadata.uid)) }
      }
      group.addTask {
        await self.pods.run { changed in await self.observe(changed) }
      }
      for await _ in wakeUps {
        while let id = dirty.popFirst() { await bringUpToDate(id) }
      }
      group.cancelAll()
    }
  }

  private func observe(_ pods: [ObservedPod]) {
    for pod in pods { if let id = pod.controllerID { expected[id]?.created.remove(pod.uid) } }
    mark(pods.compactMap(\.controllerID))
  }

  private func mark(_ ids: [String]) {
    dirty.formUnion(ids)
    wake.yield()
  }

  private func mark(_ id: String, after pause: Duration) async {
    // Cancelled: nothing is to be done any more.
    guard (try? await ContinuousClock().sleep(for: pause)) != nil else { return }
    mark([id])
  }

  // MARK: One ReplicaSet

  private func bringUpToDate(_ id: String) async {
    guard let allSets = sets.objects, let allPods = pods.objects, let set = allSets[id]?.json else {
      expected[id] = nil
      return
    }
    expected[id]?.created.subtract(allPods.keys)
    expected[id]?.deleted.formIntersection(allPods.filter { $0.value.isActive }.keys)
    let active = allPods.values.filter { $0.controllerID == id && $0.isActive }
    do throws(KubernetesError) {
      if expected[id]?.isEmpty ?? true, set["metadata"]?["deletionTimestamp"] == nil {
        let missing = (set["spec"]?["replicas"]?.int ?? 1) - active.count
        if missing > 0 { try await create(missing, for: set, id) }
        if missing < 0 { try await delete(-missing, of: active, among: allPods, allSets, set, id) }
      }
      try await tell(set, active)
    } catch {
      // The real one tries again too, after a pause that grows.
      if error.code != .notFound { refusals.append(error) }
      await mark(id, after: .milliseconds(200))
    }
  }

  private func create(_ count: Int, for set: JSONValue, _ id: String) async throws(KubernetesError) {
    guard let template = set["spec"]?["template"]?.object, let metadata = set["metadata"],
      let name = metadata["name"]?.string, let namespace = metadata["namespace"]?.string
    else { throw KubernetesError(.invalidReply, "a ReplicaSet has no template") }
    var about = template["metadata"]?.object ?? JSONObject()
    about.append("generateName", .string("\(name)-"))
    about.append(
      "ownerReferences",
      [
        [
          "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string(name), "uid": .string(id),
          "controller": true, "blockOwnerDeletion": true,
        ]
      ])
    let pod: JSONValue = [
      "apiVersion": "v1", "kind": "Pod", "metadata": .object(about), "spec": template["spec"] ?? [:],
    ]
    for _ in 0..<count {
      let made = try await ObservedPod(client.create(.pods, pod, in: namespace))
      expected[id, default: Expectation()].created.insert(made.uid)
    }
    // The cache may have been faster than the answer.
    mark([id])
  }

  private func delete(
    _ count: Int, of active: [ObservedPod], among allPods: [String: ObservedPod],
    _ allSets: [String: DynamicObject], _ set: JSONValue, _ id: String
  ) async throws(KubernetesError) {
    let owner = set.controllerID
    let related = allSets.filter { $0.key == id || owner != nil && $0.value.json.controllerID == owner }
    let siblings = allPods.values.filter { $0.isActive && related[$0.controllerID ?? ""] != nil }
    let chosen = VictimOrder.victims(count, of: active, related: siblings, using: &randomness)
    for pod in chosen {
      expected[id, default: Expectation()].deleted.insert(pod.uid)
      victims.append(Victim(pod: pod, moment: .now()))
      do throws(KubernetesError) {
        try await client.delete(.pods, pod.name, in: pod.metadata.namespace)
      } catch {
        expected[id]?.deleted.remove(pod.uid)
        // Somebody else was faster, which the cache will tell.
        if error.code != .notFound { throw error }
      }
    }
    mark([id])
  }

  /// Says in the ReplicaSet's status what there is of it, unless it says so already.
  private func tell(_ set: JSONValue, _ active: [ObservedPod]) async throws(KubernetesError) {
    let ready = active.count { $0.pod.isReady }
    let numbers: [(String, Int)] = [
      ("replicas", active.count), ("fullyLabeledReplicas", active.count), ("readyReplicas", ready),
      ("availableReplicas", ready), ("observedGeneration", set["metadata"]?["generation"]?.int ?? 0),
    ]
    guard numbers.contains(where: { (set["status"]?[$0.0]?.int ?? 0) != $0.1 }) else { return }
    let status = JSONObject(numbers.map { JSONObject.Member(key: $0.0, value: .integer($0.1)) })
    _ = try await client.patch(
      .replicaSets, set["metadata"]?["name"]?.string ?? "", ["status": .object(status)],
      in: set["metadata"]?["namespace"]?.string, subresource: "status")
  }
}
