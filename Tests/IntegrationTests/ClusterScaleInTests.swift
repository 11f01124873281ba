import Autoscaling
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
  struct SomebodyElse {
    @Test("who wants fewer without asking gets idle workers first, and the one longest at work last")
    func somebodyElse() async throws {
      // One replica is enough for the three that work, so a scale-in is under way and waits for them.
      try await run(pods: 4, busy: 3, silent: 1, "processesPerReplica: 10") { stage in
        let oldest = try await stage.oldest()
        let silent = try #require(stage.workers.last)
        try await stage.waitForCosts(highestOf: oldest)
        try await stage.scale(to: 3)
        try await stage.waitForPods(3)
        #expect(try await !stage.pods().contains(silent.name))
        try await stage.waitForCosts(highestOf: oldest)
        try await stage.scale(to: 1)
        try await stage.waitForPods(1)
        #expect(try await stage.pods() == [oldest.name])
        #expect(await oldest.work != nil)
        try await stage.scene.cluster.poll("the one that is left has no cost any more") {
          try await stage.present().allSatisfy { $0.deletionCost == nil }
        }
      }
    }
  }

  @Suite(.apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(10)))
  struct Orphans {
    @Test("workers whose pods are gone are unregistered, those of others are not")
    func orphans() async throws {
      try await run(pods: 2, scaleDown: "deletionCost: honored, orphansAfter: 90s") { stage in
        let colony = stage.scene.served.colony
        let busy = try await stage.busy()
        try await stage.waitForPods(1)
        let gone = try #require(stage.workers.first { $0.name != busy.name })
        await gone.die()
        let all = try await eventually("the worker without a pod is unregistered", within: .seconds(420)) {
          let all = try await stage.scene.served.client.executors(
            of: colony.reference, key: colony.workers[0])
          return all.first { $0.name == gone.name }?.state == .unregistered ? all : nil
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
        _ = try await eventually("it is said what is waited for") {
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
  let replicaSets: FakeReplicaSets

  /// The worker that holds the only work.
  func busy() async throws -> SimulatedWorker {
    try await eventually("a worker holds the work") {
      for worker in workers where await worker.work != nil { return worker }
      return nil
    }
  }

  /// The one of those that work that began first.
  func oldest() async throws -> SimulatedWorker {
    var oldest: (worker: SimulatedWorker, took: ContinuousClock.Instant)?
    for worker in workers where await worker.work != nil {
      if let took = await worker.took, took < oldest?.took ?? .now { oldest = (worker, took) }
    }
    return try #require(oldest?.worker)
  }

  /// The pods that are not on their way out.
  func present() async throws -> [Pod] {
    try await scene.cluster.client.list(Pod.self, Selection(namespace: scene.namespace)).items
      .filter { !$0.isTerminating }
  }

  /// Their names.
  func pods() async throws -> Set<String> {
    Set(try await present().map(\.metadata.name))
  }

  /// Waits until all that work have a cost, one a higher one than all others, as the ReplicaSet sees them, and will have
  /// it for a while: the costs rise with the time, and those of two may be the same in between.
  func waitForCosts(highestOf highest: SimulatedWorker) async throws {
    // If such a moment is missed, the next one comes when the time has doubled.
    try await scene.cluster.poll("\(highest.name) has the highest cost", within: .seconds(180)) {
      let costs: [String: Int32] = await replicaSets.knownPods.reduce(into: [:]) {
        $0[$1.pod.metadata.name] = $1.pod.deletionCost
      }
      guard let cost = costs[highest.name] else { return false }
      for worker in workers where await worker.work != nil && worker.name != highest.name {
        guard let other = costs[worker.name], other < cost, let took = await worker.took,
          other == ScaleInBusyCost.cost(after: ContinuousClock.now - took + .seconds(5))
        else { return false }
      }
      return true
    }
  }

  /// Sets the replicas, as `kubectl scale` does.
  func scale(to replicas: Int) async throws {
    _ = try await scene.cluster.client.patch(
      .deployments, ClusterScene.deployment, ["spec": ["replicas": .integer(replicas)]], in: scene.namespace)
  }

  func waitForPods(_ count: Int) async throws {
    try await scene.cluster.poll("there are \(count) pods", within: .seconds(60)) {
      try await pods().count == count
    }
  }
}

/// Runs an autoscaler and one worker for each of some pods while a body runs.
/// - Parameters:
///   - busy: How many work: the first one for ten seconds longer than the others.
///   - silent: How many never ask for work: the last ones.
///   - scaleDown: More of what the scaler says about shrinking.
///   - rules: More of its keys.
private func run(
  pods count: Int, busy: Int = 1, silent: Int = 0, scaleDown: String = "deletionCost: honored",
  _ rules: String = "", _ body: (Stage) async throws -> Void
) async throws {
  let cluster = try #require(APIServerTrait.server)
  let scene = try await ClusterScene.ready(cluster, replicas: count) { scene in
    scene.served.directory.write(scene.served.colony.key.hexadecimal, to: "owner.key")
    let owner = "ownerCredentials: {file: \(scene.served.directory.file("owner.key"))}"
    return scene.configuration([
      scene.scaler(scaleDown: scaleDown, [owner, rules].filter { !$0.isEmpty }.joined(separator: ", "))
    ])
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
    ) { replicaSets in
      let names: [String] = try await eventually("\(count) pods are ready", within: .seconds(60)) {
        let pods = try await cluster.client.list(Pod.self, Selection(namespace: scene.namespace)).items
        return pods.filter(\.isReady).count == count ? pods.map(\.metadata.name) : nil
      }
      let workers = names.map { SimulatedWorker($0, scene.served) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in workers.dropLast(silent) { group.addTask { try await worker.run() } }
        for worker in workers.suffix(silent) { try await worker.register() }
        defer { group.cancelAll() }
        _ = try await eventually("\(count) workers are registered") { () async throws -> Bool? in
          let all = try await scene.served.client.executors(
            of: scene.served.colony.reference, key: scene.served.colony.workers[0])
          return all.filter { names.contains($0.name) && $0.state == .approved }.count == count ? true : nil
        }
        // Work for one, before the autoscaler sees an empty queue.
        try await scene.submit(1)
        if busy > 1 {
          _ = try await eventually("one has worked for a while") { () async -> Bool? in
            let times = await workers.asyncMap { await $0.took }
            return times.contains { $0.map { .now - $0 >= .seconds(10) } ?? false } ? true : nil
          }
          try await scene.submit(busy - 1)
        }
        _ = try await eventually("\(busy) work") { () async -> Bool? in
          await workers.asyncMap { await $0.work }.count { $0 != nil } == busy ? true : nil
        }
        let autoscaler = try await scene.start()
        try await body(
          Stage(scene: scene, workers: workers, autoscaler: autoscaler, replicaSets: replicaSets))
        #expect(await autoscaler.stop() == .code(0))
      }
    }
    #expect(await kubelet.failures.isEmpty)
  }
}

/// Whether nobody is kept from working: no orders, no marks, nobody rejected.
private func expectAllFree(_ stage: Stage) async throws {
  let scene = stage.scene
  let statistics = try await eventually("no orders are left") { () async throws -> Statistics? in
    let statistics = try await scene.served.statistics
    let held = await stage.workers.asyncMap { await $0.work }.count { $0 != nil }
    return statistics.waiting == 0 && statistics.running == held ? statistics : nil
  }
  #expect(statistics.waiting == 0)
  let names = try await eventually("no marks and no costs are left") {
    let pods = try await stage.present()
    let isFree = pods.allSatisfy {
      $0.metadata.annotations["autoscaling.colonies.io/scale-in"] == nil && $0.deletionCost == nil
    }
    return isFree ? pods.map(\.metadata.name) : nil
  }
  let executors = try await scene.served.client.executors(
    of: scene.served.colony.reference, key: scene.served.colony.workers[0])
  #expect(!executors.contains { $0.state == .rejected && names.contains($0.name) })
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ transform: (Element) async -> Value) async -> [Value] {
    var values: [Value] = []
    for element in self { values.append(await transform(element)) }
    return values
  }
}
