import Autoscaling
import Colonies
import JSON
import KubernetesClient
import Locking

@testable import AutoscalerController

/// A cluster and a queue in memory, with one worker a pod: what a scale-in sees and does, at once.
final class ScaleInWorld: ScaleInCluster, WorkerQueue {
  struct FakePod {
    var annotations: [String: String] = [:]
    var owner = "set"
    var version = 1
    var phase = "Running"
  }

  struct FakeOrder {
    let addressee: String
    var standing: OrderStanding = .waiting
  }

  struct State {
    var replicas = 0
    var version = 1
    var generation = 1
    var pods: [String: FakePod] = [:]
    /// By id.
    var workers: [String: Executor] = [:]
    /// The ids of workers that hold work.
    var busy: Set<String> = []
    /// Since when some of them do, by their ids.
    var busySince: [String: Timestamp] = [:]
    /// The leases of the processes that wait, in seconds; nil for one without.
    var waitingLeases: [Int?] = []
    /// The lease of each process that runs, in seconds; nil without.
    var runningLease: Int?
    /// Whether lists of waiting processes are cut off, and show no orders.
    var cutsWaiting = false
    /// How often the processes that wait were listed.
    var waitingLists = 0
    var orders: [String: FakeOrder] = [:]
    var honorsDeletionCost = true
    var reachesUnregistered = true
    /// Whether lists of running processes are cut off, and whom they do not show.
    var hidden: Set<String>?
    /// The names of workers that fail drain orders.
    var ignorant: Set<String> = []
    /// What fails, by the name of the call.
    var failures: [String: TargetError] = [:]
    /// Whether the queue does not answer.
    var isSilent = false
    /// Done before the next call of a name.
    var before: [String: @Sendable (inout State) -> Void] = [:]
    /// What goes on while the next observation of the target is under way.
    var meanwhile: (@Sendable () async -> Void)?
    /// Everything that was changed, in order.
    var writes: [String] = []
    var removed: [String] = []
    var removedBusy: [String] = []
    var askedAbout: Set<String> = []
    var watches = 0
    /// Pods that the watch does not show, until it is begun anew.
    var missed: Set<String> = []
    /// How often each call was made, by its name.
    var calls: [String: Int] = [:]
    var nextOrder = 1

    mutating func addPod(_ name: String, worker: Bool = true, isBusy: Bool = false) {
      pods[name] = FakePod()
      replicas = pods.count
      guard worker else { return }
      workers["id-\(name)"] = Executor(
        id: "id-\(name)", type: "fibonacci", name: name, state: .approved,
        commissionTime: Timestamp(nanoseconds: 1))
      if isBusy { busy.insert("id-\(name)") }
    }

    /// Registers a worker that is in nobody knows which pod.
    mutating func addStranger(_ name: String, isBusy: Bool = false) {
      workers["id-\(name)"] = Executor(id: "id-\(name)", type: "fibonacci", name: name, state: .approved)
      if isBusy { busy.insert("id-\(name)") }
    }

    /// Registers a worker in a pod that has one already, so many seconds after that one.
    mutating func addSecond(in pod: String, after seconds: Int64) {
      let id = "id-\(pod)-2"
      workers[id] = Executor(
        id: id, type: "fibonacci", name: "\(pod)_00000002", state: .approved,
        commissionTime: Timestamp(nanoseconds: seconds * 1_000_000_000))
    }

    /// The server hears of a worker, so many seconds after the first ones have registered.
    mutating func hear(_ id: String, after seconds: Int64) {
      workers[id]?.lastHeardFromTime = Timestamp(nanoseconds: seconds * 1_000_000_000)
    }

    /// A free worker takes the order that waits for it.
    mutating func deliver() {
      for (id, order) in orders where order.standing == .waiting {
        guard let worker = workers.values.first(where: { $0.name == order.addressee }),
          worker.state == .approved, !busy.contains(worker.id)
        else { continue }
        orders[id]?.standing = ignorant.contains(worker.name) ? .ended : .held(by: worker.id)
      }
    }

    func holder(_ id: String) -> String? {
      if case .held(let holder)? = orders[id]?.standing { holder } else { nil }
    }

    /// Who is kept from taking work.
    var cordoned: Set<String> {
      Set(orders.values.filter { $0.standing != .ended }.map(\.addressee))
        .union(workers.values.filter { $0.state == .rejected }.map(\.name))
    }

    /// Takes away as many pods as are too many, as new clusters do.
    mutating func reconcile() {
      let key = Pod.deletionCostAnnotation
      while pods.count > replicas {
        let costs = pods.mapValues { honorsDeletionCost ? Int32($0.annotations[key] ?? "") ?? 0 : 0 }
        guard let victim = costs.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key else { return }
        pods[victim] = nil
        removed.append(victim)
        for worker in workers.values where PodWorkers.podName(of: worker.name) == victim {
          if busy.remove(worker.id) != nil { removedBusy.append(victim) }
          workers[worker.id] = nil
          for (id, order) in orders where order.addressee == victim { orders[id] = order.ended }
        }
      }
    }
  }

  private let state: Locked<State>

  init(_ make: (inout State) -> Void) {
    var state = State()
    make(&state)
    self.state = Locked(state)
  }

  func with<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

  /// Does a call: what was to be done before it, its failure, or it.
  private func call<Value: Sendable>(
    _ name: String, _ body: (inout State) throws(TargetError) -> Value
  ) throws(TargetError) -> Value {
    try state.withLock { (state) throws(TargetError) in
      state.calls[name, default: 0] += 1
      state.before.removeValue(forKey: name)?(&state)
      if let failure = state.failures[name] { throw failure }
      return try body(&state)
    }
  }

  // MARK: Cluster

  func observe() async throws(TargetError) -> TargetObservation {
    let meanwhile = with { state in
      defer { state.meanwhile = nil }
      return state.meanwhile
    }
    await meanwhile?()
    return try target()
  }

  private func target() throws(TargetError) -> TargetObservation {
    try call("observe") { (state) throws(TargetError) in
      TargetObservation(
        replicas: state.replicas, revision: TargetRevision(value: "\(state.version)"),
        generation: state.generation)
    }
  }

  func setReplicas(
    _ replicas: Int, basedOn revision: TargetRevision, deadline: Duration?
  ) async throws(TargetError) {
    try call("setReplicas") { (state) throws(TargetError) in
      guard revision.value == "\(state.version)" else { throw TargetError(.conflict, "changed") }
      state.replicas = replicas
      state.version += 1
      state.generation += 1
      state.writes.append("replicas \(replicas)")
      state.reconcile()
    }
  }

  func pods() async throws(TargetError) -> [Pod] {
    try call("pods") { (state) throws(TargetError) in
      state.watches = 1
      var pods: [Pod] = []
      for (name, pod) in state.pods.sorted(by: { $0.key < $1.key }) where !state.missed.contains(name) {
        let annotations = JSONValue.object(JSONObject(sorted: pod.annotations.mapValues(JSONValue.string)))
        let json: JSONValue = [
          "metadata": [
            "name": .string(name), "uid": .string("uid-\(name)"), "annotations": annotations,
            "resourceVersion": .string("\(pod.version)"),
            "ownerReferences": [
              [
                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string(pod.owner),
                "uid": .string(pod.owner), "controller": true,
              ]
            ],
          ],
          "spec": ["nodeName": "node", "terminationGracePeriodSeconds": 30],
          "status": ["phase": .string(pod.phase), "conditions": [["type": "Ready", "status": "True"]]],
        ]
        do throws(KubernetesError) {
          pods.append(try Pod(json))
        } catch {
          throw TargetError(error)
        }
      }
      return pods
    }
  }

  func hasOnly(_ uids: Set<String>) async throws(TargetError) -> Bool {
    try call("hasOnly") { (state) throws(TargetError) in
      let isComplete = state.pods.keys.allSatisfy { uids.contains("uid-\($0)") }
      if !isComplete { state.missed = [] }
      return isComplete
    }
  }

  func endWatching() async {
    with { state in
      state.watches = 0
      state.missed = []
    }
  }

  func annotate(
    _ pod: ScaleInPodReference, _ key: String, _ value: String?, basedOn revision: String?, deadline: Duration
  ) async throws(TargetError) {
    try call(revision == nil ? "annotate" : "annotateVersion") { (state) throws(TargetError) in
      guard revision == nil || revision == state.pods[pod.name].map({ "\($0.version)" }) else {
        throw TargetError(.conflict, "changed")
      }
      state.pods[pod.name]?.annotations[key] = value
      state.pods[pod.name]?.version += 1
      state.version += 1
      let word = key == ScaleInMark.annotation ? "mark" : "cost"
      state.writes.append("\(word) \(pod.name) \(value ?? "none")")
    }
  }

  func honorsDeletionCost() async throws(TargetError) -> Bool {
    try call("version") { (state) throws(TargetError) in state.honorsDeletionCost }
  }

  // MARK: Queue

  func counts(orderedTypes types: Set<String>) async throws -> QueueCounts {
    with { QueueCounts(waiting: 0, running: $0.busy.count, finished: 0) }
  }

  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
    try call(state == .successful ? "ended" : "processes") { (world) throws(TargetError) in
      var listing = ProcessListing(count: 0, executors: [], isComplete: true)
      switch state {
      case .running:
        listing.isComplete = world.hidden == nil
        listing.executors = world.busy.subtracting(world.hidden ?? [])
        listing.count = listing.executors.count
        listing.starts = world.busySince.filter { listing.executors.contains($0.key) }
        listing.longestLease = listing.count == 0 ? 0 : world.runningLease
      case .waiting:
        world.waitingLists += 1
        listing.isComplete = !world.cutsWaiting
        listing.count = world.waitingLeases.count
        listing.longestLease =
          world.waitingLeases.contains(nil) ? nil : world.waitingLeases.compactMap(\.self).max() ?? 0
      default: return listing
      }
      for (id, order) in world.orders where listing.isComplete {
        let isWaiting = order.standing == .waiting
        guard order.standing != .ended, isWaiting == (state == .waiting) else { continue }
        listing.orders.append(
          ListedOrder(id: id, addressee: order.addressee, standing: order.standing, end: nil))
      }
      return listing
    }
  }

  func serviceTimes(executorType: String) async throws -> [Duration] { [] }

  func workers(executorType: String) async throws -> [Executor] {
    if with({ $0.isSilent }) {
      await Latch().wait()
      throw CancellationError()
    }
    return try call("workers") { (state) throws(TargetError) in Array(state.workers.values) }
  }

  func holdsWork(_ worker: Executor) async throws -> Bool {
    try call("holdsWork") { (state) throws(TargetError) in
      state.askedAbout.insert(worker.name)
      return state.busy.contains(worker.id)
    }
  }

  func reachesUnregistered() async throws -> Bool { with { $0.reachesUnregistered } }

  func openOrders() async -> Set<String> {
    with { Set($0.orders.filter { $0.value.standing != .ended }.keys) }
  }

  func order(_ worker: WorkerAddress) async throws -> String {
    try call("order") { (state) throws(TargetError) in
      let id = "order-\(state.nextOrder)"
      state.nextOrder += 1
      state.orders[id] = FakeOrder(addressee: worker.name)
      state.writes.append("order \(worker.name)")
      state.deliver()
      return id
    }
  }

  func standing(ofOrder id: String) async throws -> OrderStanding {
    try call("standing") { (state) throws(TargetError) in
      state.deliver()
      return state.orders[id]?.standing ?? .ended
    }
  }

  func withdraw(order id: String) async throws {
    try call("withdraw") { (state) throws(TargetError) in
      guard let order = state.orders[id] else { return }
      state.orders[id] = order.ended
      state.writes.append("withdraw \(order.addressee)")
    }
  }

  func reject(_ worker: Executor, owner: KeySource) async throws { try set(.rejected, worker) }
  func approve(_ worker: Executor, owner: KeySource) async throws { try set(.approved, worker) }

  func unregister(_ worker: Executor, owner: KeySource) async throws {
    try call("unregister") { (state) throws(TargetError) in
      state.workers[worker.id] = nil
      state.writes.append("unregister \(worker.name)")
    }
  }

  private func set(_ approval: Executor.State, _ worker: Executor) throws(TargetError) {
    try call("\(approval)") { (state) throws(TargetError) in
      state.workers[worker.id]?.state = approval
      state.writes.append("\(approval) \(worker.name)")
    }
  }
}

extension ScaleInWorld.FakeOrder {
  var ended: Self {
    var ended = self
    ended.standing = .ended
    return ended
  }
}
