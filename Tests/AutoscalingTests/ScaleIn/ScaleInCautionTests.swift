import Autoscaling
import Testing

@Suite("Scale-in waits, and says why")
struct ScaleInCautionTests {
  @Test("what is not known takes nothing away, and does not hold growth up")
  func unknown() {
    var memory = ScaleInMemory()
    let target = ScaleInObservation.Target(replicas: 2, revision: "v1")
    let blind = ScaleInObservation(target: target, pods: nil, workers: [], orders: [], strangers: [])
    let down = ScaleInPolicy().step(blind, wanted: 0, memory: &memory, now: .origin)
    #expect(down.actions.isEmpty)
    #expect(down.obstacles == [.unknown(.pods)])
    let up = ScaleInPolicy().step(blind, wanted: 3, memory: &memory, now: .origin)
    #expect(up.actions == [.setReplicas(3, revision: "v1")])
  }

  @Test("a worker of which it is not known whether it is busy stays")
  func unknownWorker() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.setBusy(1, nil)
    let step = scene.step()
    #expect(step.actions.isEmpty)
    #expect(step.obstacles == [.workersUnknown(1)])
  }

  @Test("while pods of two ReplicaSets are there, only all of them can go")
  func rollout() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.pods[1] = scene.pods[1].with(owner: "rs-2")
    scene.setBusy(1)
    let step = scene.step()
    #expect(step.actions.isEmpty)
    #expect(step.obstacles.contains(.rollout(replicaSets: 2)))
    #expect(step.obstacles.contains(.workersBusy(1)))
    scene.setBusy(1, false)
    scene.wanted = 0
    #expect(scene.step().actions == [.cordon(.fib(1)), .cordon(.fib(2))])
    scene.takeOrders()
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.setReplicas(0, revision: "v1")])
  }

  @Test("a busy worker that is not ready would go first, so nobody goes")
  func notReady() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.pods[0] = scene.pods[0].with(condition: .notReady)
    scene.setBusy(1)
    let step = scene.step()
    #expect(step.actions.isEmpty)
    #expect(step.obstacles.contains(.notReady(pod: "fib-1")))
  }

  @Test(
    "a worker whose pod is not ready may be dead and another one about to start, so it does not go yet")
  func mayStartAgain() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.step()
    scene.takeOrders()
    let waits = ScaleInObstacle.notReady(pod: scene.orders[0].worker)
    // The order that it holds keeps the next worker of its pod from nothing.
    scene.pods = scene.pods.map { pod in
      scene.orders.contains { $0.worker == pod.name } ? pod.with(condition: .notReady) : pod
    }
    scene.wait(.seconds(5))
    let step = scene.step()
    #expect(step.obstacles.contains(waits))
    #expect(!step.actions.contains(.setReplicas(1, revision: "v1")))
    scene.wait(scene.policy.startDeadline)
    #expect(!scene.step().obstacles.contains(waits))
  }

  @Test("an order to the worker that a pod had before keeps its worker from nothing")
  func orderToPredecessor() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.orders = [
      ScaleInOrder(id: "old", worker: "fib-1", state: .waiting(until: nil), reachesWorker: false)
    ]
    #expect(scene.step().actions == [.cordon(.fib(1))])
  }

  @Test(
    "a worker that waits to be approved is not kept from work by an order to the one before, and may hold work"
  )
  func pending() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    func pending(isBusy: Bool) -> ScaleInWorker {
      ScaleInWorker(name: "fib-1", executorID: "id-1", registration: .pending, isBusy: isBusy)
    }
    scene.workers = [pending(isBusy: false)]
    scene.orders = [
      ScaleInOrder(id: "old", worker: "fib-1", state: .waiting(until: nil), reachesWorker: false)
    ]
    #expect(scene.step().actions == [.cordon(.fib(1))])
    scene.workers = [pending(isBusy: true)]
    let step = scene.step()
    #expect(step.obstacles.contains(.workersBusy(1)))
    #expect(step.chosen == [])
  }

  @Test("no order waits for the worker of a pod that starts its container again")
  func startsAgain() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.workers = []
    scene.usedNames = ["fib-1"]
    scene.orders = [ScaleInOrder(id: "old", worker: "fib-1", state: .waiting(until: nil))]
    let step = scene.step()
    #expect(step.actions.isEmpty)
    #expect(step.obstacles.contains(.starting(1)))
  }

  @Test(
    "a worker that has registered and is about to be approved does not go where no order reaches it",
    arguments: ScaleInPolicy.Cordon.allCases, [ScaleInPod.Condition.pending, .ready])
  func aboutToBeApproved(cordon: ScaleInPolicy.Cordon, condition: ScaleInPod.Condition) {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.policy.cordon = cordon
    scene.ordersGoFirst = false
    scene.pods[0] = scene.pods[0].with(condition: condition)
    scene.workers = [
      ScaleInWorker(name: "fib-1", executorID: "id-1", registration: .pending, isBusy: false)
    ]
    let step = scene.step()
    #expect(step.actions.isEmpty)
    #expect(step.obstacles.contains(.starting(1)))
    // Nobody approves it.
    scene.wait(scene.policy.startDeadline)
    #expect(scene.step().actions.contains(.setReplicas(0, revision: "v1")))
  }

  @Test("who grew again before the next look lets nobody free until the target has seen that")
  func growsAtOnce() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.step()
    scene.takeOrders()
    // The costs are written, and seen.
    scene.step()
    scene.step()
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.setReplicas(1, revision: "v1")])
    scene.wait(.milliseconds(300))
    scene.replicas = 2
    scene.version += 1
    scene.wanted = 2
    #expect(!scene.step().letsFree)
    scene.wait(scene.policy.settle)
    #expect(scene.step().letsFree)
  }

  @Test("who grew again lets nobody free while pods still go")
  func podsStillGo() {
    var scene = ScaleInScene(pods: 3, wanted: 0)
    scene.step()
    scene.takeOrders()
    scene.step()
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.setReplicas(0, revision: "v1")])
    (scene.replicas, scene.wanted) = (4, 4)
    scene.version += 1
    scene.step()
    // The target is slow: it takes one after the other, as it was told before.
    for _ in 1...2 {
      scene.wait(scene.policy.settle - .milliseconds(1))
      scene.pods.removeFirst()
      #expect(!scene.step().letsFree)
    }
    scene.wait(scene.policy.settle)
    #expect(scene.step().letsFree)
  }

  @Test(
    "a pod whose worker may be any goes only when everything is idle, or when it has time enough to finish")
  func unmapped() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    // Named after the Deployment, which makes it no pod of it.
    scene.workers = [ScaleInWorker(name: "fib-somebody", executorID: "id", isBusy: true)]
    scene.strangers = ["fib-somebody"]
    #expect(scene.step().obstacles.contains(.unmappedWorkers(1)))
    scene.gracePeriod = .seconds(600)
    scene.longestProcess = .seconds(60)
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.setReplicas(0, revision: "v1")])
  }

  @Test("of workers that have one name, each must be idle for everything to be", arguments: [0, 1])
  func sameName(busy: Int) {
    var scene = ScaleInScene(pods: 2, wanted: 0)
    scene.workers = (0...1).map { ScaleInWorker(name: "batch", executorID: "id-\($0)", isBusy: $0 == busy) }
    scene.strangers = ["batch"]
    #expect(scene.step().obstacles.contains(.unmappedWorkers(2)))
    scene.workers = (0...1).map { ScaleInWorker(name: "batch", executorID: "id-\($0)", isBusy: false) }
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.setReplicas(0, revision: "v1")])
  }

  @Test("of workers that have the name of one pod, the busy one counts", arguments: [0, 1])
  func sameNameAsPod(busy: Int) {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.workers = (0...1).map { ScaleInWorker(name: "fib-1", executorID: "id-\($0)", isBusy: $0 == busy) }
    #expect(scene.step().obstacles == [.workersBusy(1)])
    scene.workers = (0...1).map {
      ScaleInWorker(name: "fib-1", executorID: "id-\($0)", isBusy: $0 == busy ? nil : false)
    }
    #expect(scene.step().obstacles == [.workersUnknown(1)])
  }

  @Test("fewer replicas than busy workers only where that is allowed; the youngest work goes")
  func allowBusy() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.setBusy(1, since: ScalingInstant(offset: .seconds(-9)))
    scene.setBusy(2, since: ScalingInstant(offset: .seconds(-5)))
    #expect(scene.step().obstacles.contains(.workersBusy(2)))
    scene.policy.allowBusy = true
    #expect(scene.step().chosen == ["fib-2"])
  }

  @Test("a rejected worker that took work is approved again at once")
  func approval() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.policy.cordon = .approval
    #expect(scene.step().actions == [.mark(.fib(1), ScaleInMark(cordon: .approval)), .cordon(.fib(1))])
    scene.setBusy(1)
    #expect(scene.step().actions == [.uncordon(.fib(1))])
  }

  @Test("who was rejected by somebody else stays so when it is not to go after all")
  func rejectedByOthers() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.policy.cordon = .approval
    scene.workers[0] = ScaleInWorker(
      name: "fib-1", executorID: "id-1", registration: .rejected, isBusy: false)
    #expect(
      scene.step().actions == [
        .mark(.fib(1), ScaleInMark(cordon: .none)), .setDeletionCost(.fib(1), ScaleInPolicy.chosenCost),
      ])
    scene.wanted = 2
    for _ in 0..<5 {
      scene.wait(.seconds(5))
      #expect(!scene.step().actions.contains { if case .uncordon = $0 { true } else { false } })
    }
    #expect(scene.pods == [.ready(1), .ready(2)])
  }

  @Test("a rejection is noted also on a pod with another mark, and what its cost was is kept")
  func markedOtherwise() {
    var scene = ScaleInScene(pods: 1, wanted: 0)
    scene.policy.cordon = .approval
    scene.pods[0] = scene.pods[0].with(
      deletionCost: ScaleInPolicy.chosenCost, mark: ScaleInMark(cordon: .drain, previousCost: 5))
    #expect(
      scene.step().actions == [
        .mark(.fib(1), ScaleInMark(cordon: .approval, previousCost: 5)), .cordon(.fib(1)),
      ])
  }

  @Test("the mark is read as it was written", arguments: [nil, 0, 5, Int32.max, -7])
  func mark(previousCost: Int32?) {
    for cordon in ScaleInPolicy.Cordon.allCases {
      let mark = ScaleInMark(cordon: cordon, previousCost: previousCost)
      #expect(ScaleInMark(text: mark.text) == mark)
    }
    #expect(ScaleInMark(text: "") == nil)
    #expect(ScaleInMark(text: "drain previous-cost=x") == nil)
  }

  @Test(
    "a worker without its pod that is heard of stays, however far the server's clock is from this one",
    arguments: [-3600, 0, 3600])
  func livingOrphan(offset: Int) {
    var scene = ScaleInScene(pods: 1, wanted: 1)
    var orphans = ScaleInOrphans()
    func expired(heard second: Int) -> [ScaleInWorkerReference] {
      let worker = ScaleInWorker(
        name: "fib-2", executorID: "id-2", isBusy: true, lastHeard: .seconds(offset + second))
      scene.workers = [.idle(1), worker]
      return orphans.expired(in: scene.observation, after: .seconds(90), now: scene.now)
    }
    for second in stride(from: 0, through: 600, by: 60) {
      #expect(expired(heard: second) == [])
      scene.wait(.seconds(60))
    }
    #expect(expired(heard: 600) == [])
    scene.wait(.seconds(30))
    #expect(expired(heard: 600) == [.fib(2)])
  }

  @Test("a worker without its pod is unregistered after the grace time, and no stranger is")
  func orphans() {
    var scene = ScaleInScene(pods: 1, wanted: 1)
    scene.workers.append(.idle(2))
    scene.workers.append(ScaleInWorker(name: "fib-somebody", executorID: "id", isBusy: false))
    scene.strangers = ["fib-somebody"]
    var orphans = ScaleInOrphans()
    #expect(orphans.expired(in: scene.observation, after: .seconds(60), now: scene.now).isEmpty)
    scene.wait(.seconds(60))
    #expect(orphans.expired(in: scene.observation, after: .seconds(60), now: scene.now) == [.fib(2)])
  }

  @Test(
    "a worker without its pod that holds work is unregistered only where it would be heard of if it lived",
    arguments: [true, false], [true, nil])
  func busyOrphans(areHeard: Bool, isBusy: Bool?) {
    var scene = ScaleInScene(pods: 1, wanted: 1)
    scene.busyAreHeard = areHeard
    scene.workers.append(.idle(2))
    scene.setBusy(2, isBusy)
    var orphans = ScaleInOrphans()
    func expired() -> [ScaleInWorkerReference] {
      orphans.expired(in: scene.observation, after: .seconds(90), now: scene.now)
    }
    #expect(expired().isEmpty)
    scene.wait(.seconds(3600))
    #expect(expired() == (areHeard ? [.fib(2)] : []))
    // When it has ended its work, it has time to be heard of.
    scene.setBusy(2, false)
    scene.wait(.seconds(89))
    #expect(expired() == (areHeard ? [.fib(2)] : []))
    scene.wait(.seconds(1))
    #expect(expired() == [.fib(2)])
  }
}

extension ScaleInStep {
  /// Whether some worker may take work again.
  fileprivate var letsFree: Bool { actions.contains { if case .uncordon = $0 { true } else { false } } }
}
