import Autoscaling

/// A target, its pods and the queue, on which the actions of a scale-in are carried out at once.
struct ScaleInScene {
  var policy = ScaleInPolicy()
  var memory = ScaleInMemory()
  var now = ScalingInstant.origin
  var wanted = 0
  var replicas = 0
  var version = 1
  var pods: [ScaleInPod] = []
  var workers: [ScaleInWorker] = []
  var orders: [ScaleInOrder] = []
  var usedNames: Set<String> = []
  var strangers: Set<String> = []
  var ordersGoFirst = true
  var busyAreHeard = true
  var gracePeriod: Duration?
  var longestProcess: Duration?

  /// A target whose pods, as `fib-1`, all have an idle worker.
  init(pods count: Int, wanted: Int) {
    replicas = count
    self.wanted = wanted
    for number in stride(from: 1, through: count, by: 1) {
      pods.append(.ready(number))
      workers.append(.idle(number))
    }
  }

  var observation: ScaleInObservation {
    ScaleInObservation(
      target: ScaleInObservation.Target(replicas: replicas, revision: "v\(version)"), pods: pods,
      workers: workers, orders: orders, usedNames: usedNames, strangers: strangers, gracePeriod: gracePeriod,
      longestProcess: longestProcess, ordersGoFirst: ordersGoFirst, busyAreHeard: busyAreHeard)
  }

  mutating func wait(_ duration: Duration) { now = now.advanced(by: duration) }

  /// Looks, decides and carries out.
  @discardableResult
  mutating func step() -> ScaleInStep {
    let step = policy.step(observation, wanted: wanted, memory: &memory, now: now)
    for action in step.actions { carryOut(action) }
    for busy in step.busyCosts { replace(busy.pod) { $0.with(deletionCost: busy.cost) } }
    return step
  }

  /// All waiting orders are taken by the workers they are addressed to.
  mutating func takeOrders() {
    orders = orders.map { order in
      guard case .waiting = order.state, let worker = workers.first(where: { $0.name == order.worker }),
        worker.isBusy == false
      else { return order }
      return ScaleInOrder(
        id: order.id, worker: order.worker,
        state: .held(by: worker.executorID, until: now.advanced(by: .seconds(60))))
    }
  }

  /// The pods go for which there are no replicas, the ones with the lowest costs first.
  mutating func deleteSurplus() -> [String] {
    let order = pods.sorted {
      ($0.condition, $0.deletionCost ?? 0, $0.name) < ($1.condition, $1.deletionCost ?? 0, $1.name)
    }
    let victims = Set(order.prefix(max(pods.count - replicas, 0)).map(\.name))
    pods.removeAll { victims.contains($0.name) }
    workers.removeAll { victims.contains($0.name) }
    orders.removeAll { victims.contains($0.worker) }
    return victims.sorted()
  }

  mutating func setBusy(_ number: Int, _ isBusy: Bool? = true, since: ScalingInstant? = nil) {
    workers = workers.map {
      guard $0.name == "fib-\(number)" else { return $0 }
      return ScaleInWorker(
        name: $0.name, executorID: $0.executorID, registration: $0.registration, isBusy: isBusy,
        busySince: since)
    }
  }

  private mutating func carryOut(_ action: ScaleInAction) {
    switch action {
    case .mark(let reference, let mark):
      replace(reference) { $0.with(mark: mark) }
    case .setDeletionCost(let reference, let cost):
      replace(reference) { $0.with(deletionCost: cost) }
    case .cordon(let worker):
      switch policy.cordon {
      case .drain:
        orders.append(
          ScaleInOrder(
            id: "order-\(orders.count)-\(worker.name)", worker: worker.name,
            state: .waiting(until: now.advanced(by: .seconds(30)))))
      case .approval: setRegistration(worker, .rejected)
      case .none: break
      }
    case .uncordon(let worker):
      orders.removeAll { $0.worker == worker.name }
      setRegistration(worker, .approved)
    case .cancelOrder(let id):
      orders.removeAll { $0.id == id }
    case .setReplicas(let count, let revision):
      guard revision == "v\(version)" else { return }
      replicas = count
      version += 1
    }
  }

  private mutating func replace(_ reference: ScaleInPodReference, _ change: (ScaleInPod) -> ScaleInPod) {
    pods = pods.map { $0.uid == reference.uid ? change($0) : $0 }
  }

  private mutating func setRegistration(
    _ worker: ScaleInWorkerReference, _ registration: ScaleInWorker.Registration
  ) {
    workers = workers.map {
      guard $0.name == worker.name else { return $0 }
      return ScaleInWorker(
        name: $0.name, executorID: $0.executorID, registration: registration, isBusy: $0.isBusy)
    }
  }
}

extension ScaleInPod {
  static func ready(_ number: Int) -> ScaleInPod {
    ScaleInPod(name: "fib-\(number)", uid: "uid-\(number)", owner: "rs-1", revision: "v1")
  }

  func with(
    owner: String? = nil, condition: Condition? = nil, deletionCost: Int32?? = nil, mark: ScaleInMark?? = nil
  ) -> ScaleInPod {
    ScaleInPod(
      name: name, uid: uid, owner: owner ?? self.owner, condition: condition ?? self.condition,
      isTerminating: isTerminating, createdAt: createdAt, revision: revision,
      deletionCost: deletionCost ?? self.deletionCost, mark: mark ?? self.mark)
  }
}

extension ScaleInWorker {
  static func idle(_ number: Int) -> ScaleInWorker {
    ScaleInWorker(name: "fib-\(number)", executorID: "id-\(number)", isBusy: false)
  }
}
