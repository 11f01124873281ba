internal import JSON
internal import KubernetesClient
internal import Locking
internal import TestSupport

/// The nodes of a cluster that has none: binds pods, and runs the program of each pod's only container as a process of
/// this machine, as a kubelet does, to the end of the pod's object.
///
/// It knows a container's image, command, arguments, variables (values, and fields of the pod), its `preStop` command,
/// and the pod's grace period. There are no probes: a container that runs is ready, as it is where none are described.
package actor FakeKubelet {
  private let client: KubernetesClient
  private let plan: KubeletPlan
  private var randomness: SplitMix64
  private var mails: [String: AsyncStream<FakePod.Occurrence>.Continuation] = [:]
  private var recordsByID: [String: Locked<PodRecord>] = [:]
  private var order: [String] = []
  /// What could not be done, in words; a test should find nothing here.
  private(set) package var failures: [String] = []

  private init(_ client: KubernetesClient, _ plan: KubeletPlan) {
    self.client = client
    self.plan = plan
    randomness = SplitMix64(seed: plan.seed)
  }

  /// Runs the pods of namespaces while a body does. In the end every process it started has ended; the objects stay.
  package static func run<Value: Sendable>(
    _ plan: KubeletPlan, in namespaces: [String], of server: APIServer,
    _ body: (FakeKubelet) async throws -> Value
  ) async throws -> Value {
    precondition(!plan.nodes.isEmpty, "pods need a node")
    let kubelet = FakeKubelet(server.client, plan)
    for node in plan.nodes { try await kubelet.makeNode(node) }
    return try await withThrowingTaskGroup { group in
      group.addTask { await kubelet.beat() }
      for namespace in namespaces { group.addTask { await kubelet.care(for: namespace) } }
      let result: Result<Value, any Error>
      do {
        result = .success(try await body(kubelet))
      } catch {
        result = .failure(error)
      }
      group.cancelAll()
      try await group.waitForAll()
      return try result.get()
    }
  }

  // MARK: What became of the pods

  /// What became of the pods, in the order in which they were seen.
  package var records: [PodRecord] { order.compactMap { recordsByID[$0]?.withLock { $0 } } }

  /// What is known of a pod by its name: of the newest, where there were several.
  package func record(of name: String) -> PodRecord? { records.last { $0.name == name } }

  /// Takes out what became of the pods that are gone, so that it does not fill the memory and the disk.
  package func takeEnded() -> [PodRecord] {
    let ended = order.filter { mails[$0] == nil }
    defer {
      order.removeAll { mails[$0] == nil }
      for id in ended { recordsByID[id] = nil }
    }
    return ended.compactMap { recordsByID[$0]?.withLock { $0 } }
  }

  /// Kills the container of a pod, as if it had died.
  package func crash(_ name: String) {
    for (id, record) in recordsByID where record.withLock({ $0.name == name }) {
      mails[id]?.yield(.crashIsDue)
    }
  }

  // MARK: Nodes

  private func makeNode(_ name: String) async throws {
    let node: JSONValue = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]]
    do throws(KubernetesError) {
      _ = try await client.create(.nodes, node, in: nil)
    } catch {
      guard error.code == .alreadyExists else { throw error }
    }
    try await beat(name)
  }

  /// Says from time to time that the nodes are there: the cluster would throw their pods out otherwise.
  private func beat() async {
    while (try? await ContinuousClock().sleep(for: .seconds(10))) != nil {
      for node in plan.nodes {
        do {
          try await beat(node)
        } catch {
          if !Task.isCancelled { failures.append("\(node): \(error)") }
        }
      }
    }
  }

  private func beat(_ node: String) async throws(KubernetesError) {
    let now = JSONValue.string(KubernetesTime.now().seconds)
    let condition: JSONValue = [
      "type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": now,
      "lastTransitionTime": now,
    ]
    _ = try await client.patch(
      .nodes, node, ["status": ["conditions": [condition]]], in: nil, subresource: "status")
  }

  // MARK: Pods

  private func care(for namespace: String) async {
    let changes = ObjectChanges(ObservedPod.self, of: .pods, Selection(namespace: namespace), client: client)
    await withDiscardingTaskGroup { group in
      for await change in changes {
        switch change {
        case .listed(let pods):
          let present = Set(pods.map(\.uid))
          for (id, record) in recordsByID where record.withLock({ $0.namespace == namespace }) {
            if !present.contains(id) { mails[id]?.yield(.gone) }
          }
          for pod in pods { see(pod, &group) }
        case .changed(let pod): see(pod, &group)
        case .deleted(let pod): mails[pod.uid]?.yield(.gone)
        case .unchanged, .interrupted: break
        }
      }
      group.cancelAll()
    }
  }

  private func see(_ pod: ObservedPod, _ group: inout DiscardingTaskGroup) {
    if recordsByID[pod.uid] == nil { adopt(pod, &group) }
    if pod.pod.isTerminating {
      mails[pod.uid]?.yield(.toGo(pod.json["metadata"]?["deletionGracePeriodSeconds"]?.int ?? 0))
    }
  }

  private func adopt(_ pod: ObservedPod, _ group: inout DiscardingTaskGroup) {
    let (occurrences, mail) = AsyncStream.makeStream(of: FakePod.Occurrence.self)
    let record = Locked(
      PodRecord(
        name: pod.name, namespace: pod.metadata.namespace ?? "", uid: pod.uid,
        node: pod.pod.nodeName ?? randomness.element(of: plan.nodes)))
    mails[pod.uid] = mail
    recordsByID[pod.uid] = record
    order.append(pod.uid)
    let fake = FakePod(
      pod: pod, node: record.withLock { $0.node }, images: plan.images, startUp: pick(plan.startUp),
      restartPause: plan.restartPause,
      crash: plan.crashes.flatMap { randomness.chance($0.share) ? pick($0.after) : nil }, client: client,
      mail: mail, record: record)
    group.addTask {
      do {
        try await fake.live(occurrences)
      } catch {
        if !Task.isCancelled { await self.note("\(pod.name): \(error)") }
      }
      await self.forget(pod.uid)
    }
  }

  private func pick(_ range: ClosedRange<Duration>) -> Duration {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double.random(in: 0...1, using: &randomness)
  }

  private func note(_ failure: String) { failures.append(failure) }

  private func forget(_ id: String) { mails.removeValue(forKey: id)?.finish() }
}
