import Colonies
import ColoniesClient
import Glibc
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

/// The real autoscaler takes workers away from a real queue and a real API server. The pods are kept by a fake kubelet,
/// and a ReplicaSet's pods go in the order of new clusters. Each test has a cluster of its own, with its one node.
@Suite("Taking workers away in a cluster", .ifOwnAPIServer, .serialized)
struct ClusterScaleInTests {
  @Suite(.apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(10)))
  struct Drain {
    @Test("the worker that works stays, whichever it is, and goes when it is idle")
    func busy() async throws { try await busyStays("deletionCost: honored") }
  }

  @Suite(.apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(10)))
  struct Approval {
    @Test("the worker that works stays where workers are rejected instead, too")
    func busy() async throws { try await busyStays("deletionCost: honored, cordon: approval") }
  }

  @Suite(.apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(10)))
  struct Orphans {
    @Test("workers whose pods are gone are unregistered, those of others are not")
    func orphans() async throws {
      try await run(pods: 2, scaleDown: "deletionCost: honored, orphansAfter: 30s") { stage in
        let colony = stage.scene.served.colony
        let busy = try await stage.busy()
        try await stage.waitForPods(1)
        let gone = try #require(stage.workers.first { $0.name != busy.name })
        let all = try await eventually("the worker without a pod is unregistered", within: .seconds(240)) {
          // A connection may be lost: then it is asked again.
          let all = try? await stage.scene.served.client.executors(
            of: colony.reference, key: colony.workers[0])
          return all?.first { $0.name == gone.name }?.state == .unregistered ? all : nil
        }
        #expect(all.filter { $0.name != gone.name }.allSatisfy { $0.state == .approved })
        try await busy.finish()
      }
    }
  }

  @Suite(.apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(10)))
  struct UnknownChoice {
    @Test("where the cluster's choice is not known, the idle stay for as long as one works")
    func choiceUnknown() async throws {
      try await run(pods: 3, scaleDown: "deletionCost: ignored") { stage in
        let busy = try await stage.busy()
        _ = try await eventually("it is said what is waited for", within: .seconds(30)) {
          try stage.autoscaler.lines("decision").last { $0["metadata"]?["reason"]?.string == "ScalingIn" }
        }
        #expect(try await stage.pods().count == 3)
        #expect(await busy.work != nil)
        try await busy.finish()
        try await stage.waitForPods(0)
      }
    }
  }
}

private func busyStays(_ scaleDown: String) async throws {
  try await run(pods: 4, scaleDown: scaleDown) { stage in
    let busy = try await stage.busy()
    try await stage.waitForPods(1)
    #expect(try await stage.pods() == [busy.name])
    #expect(await busy.work != nil)
    try await expectAllFree(stage)
    let event = try await stage.scene.event("ScaledDown")
    #expect(event.message.hasPrefix("scale down from "))
    // In one step or in several: whoever is out of service may go before the others are.
    #expect(try await (1...3).contains(stage.autoscaler.total("changes_total", #"direction="down""#)))
    try await busy.finish()
    try await stage.waitForPods(0)
    #expect(try await stage.scene.target().replicas == 0)
  }
}

/// What a test works with.
private struct Stage: Sendable {
  let scene: ClusterScene
  let workers: [SimulatedWorker]
  let autoscaler: ClusterAutoscaler

  /// The worker that holds the only work.
  func busy() async throws -> SimulatedWorker {
    try await eventually("a worker holds the work") {
      for worker in workers where await worker.work != nil { return worker }
      return nil
    }
  }

  /// The names of the pods that are not on their way out.
  func pods() async throws -> Set<String> {
    let all = try await scene.cluster.client.list(Pod.self, Selection(namespace: scene.namespace)).items
    return Set(all.filter { !$0.isTerminating }.map(\.metadata.name))
  }

  func waitForPods(_ count: Int) async throws {
    try await scene.cluster.poll("there are \(count) pods", within: .seconds(60)) {
      try await pods().count == count
    }
  }
}

/// Runs an autoscaler and one worker for each of some pods, all idle, while a body runs.
/// - Parameter scaleDown: More of what the scaler says about shrinking.
private func run(
  pods count: Int, scaleDown: String = "deletionCost: honored", _ body: (Stage) async throws -> Void
) async throws {
  let cluster = try #require(APIServerTrait.server)
  let scene = try await ClusterScene.ready(cluster, replicas: count) { scene in
    scene.served.directory.write(scene.served.colony.key.hexadecimal, to: "owner.key")
    let owner = "ownerCredentials: {file: \(scene.served.directory.file("owner.key"))}"
    return scene.configuration([scene.scaler(scaleDown: scaleDown, owner)])
  }
  let program = scene.served.directory.write(
    """
    #!/bin/sh
    trap 'exit 0' TERM
    [ -p "$TMPDIR/gate" ] || mkfifo "$TMPDIR/gate"
    exec 3<> "$TMPDIR/gate"
    read line <&3
    """, to: "program")
  chmod(program, 0o755)
  // A node of its own: one that others have left counts as lost.
  let plan = KubeletPlan(nodes: [scene.namespace], images: ["image.invalid/worker": program])
  try await FakeKubelet.run(plan, in: [scene.namespace], of: cluster) { kubelet in
    try await FakeReplicaSets.run(
      in: scene.namespace, of: cluster, lateness: .milliseconds(100) ... .milliseconds(900)
    ) { _ in
      let names: [String] = try await eventually("\(count) pods are ready", within: .seconds(60)) {
        let pods = try await cluster.client.list(Pod.self, Selection(namespace: scene.namespace)).items
        return pods.filter(\.isReady).count == count ? pods.map(\.metadata.name) : nil
      }
      let workers = names.map { SimulatedWorker($0, scene.served) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in workers { group.addTask { try await worker.run() } }
        defer { group.cancelAll() }
        _ = try await eventually("\(count) workers are registered") { () async throws -> Bool? in
          let all = try await scene.served.client.executors(
            of: scene.served.colony.reference, key: scene.served.colony.workers[0])
          return all.filter { names.contains($0.name) && $0.state == .approved }.count == count ? true : nil
        }
        // Work for one, before the autoscaler sees an empty queue.
        try await scene.submit(1)
        let autoscaler = try await scene.start()
        try await body(Stage(scene: scene, workers: workers, autoscaler: autoscaler))
        #expect(await autoscaler.stop() == .code(0))
      }
    }
    #expect(await kubelet.failures.isEmpty)
  }
}

/// Whether nobody is kept from working: no orders, no marks, nobody rejected.
private func expectAllFree(_ stage: Stage) async throws {
  let scene = stage.scene
  let statistics = try await eventually("no orders are left") {
    let statistics = try await scene.served.statistics
    let held = await stage.workers.asyncCount { await $0.work != nil }
    return statistics.waiting == 0 && statistics.running == held ? statistics : nil
  }
  #expect(statistics.waiting == 0)
  let pods = try await scene.cluster.client.list(Pod.self, Selection(namespace: scene.namespace)).items
    .filter { !$0.isTerminating }
  for pod in pods {
    #expect(pod.metadata.annotations["autoscaling.colonies.io/scale-in"] == nil)
    #expect(pod.deletionCost == nil)
  }
  let executors = try await scene.served.client.executors(
    of: scene.served.colony.reference, key: scene.served.colony.workers[0])
  #expect(!executors.contains { $0.state == .rejected && pods.map(\.metadata.name).contains($0.name) })
}

extension Sequence {
  fileprivate func asyncCount(_ isCounted: (Element) async -> Bool) async -> Int {
    var count = 0
    for element in self where await isCounted(element) { count += 1 }
    return count
  }
}
