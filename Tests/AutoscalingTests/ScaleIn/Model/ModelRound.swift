@testable import Autoscaling

extension ModelRules {
  /// The controller reads the orders and the registrations.
  func look(_ state: inout ModelState) {
    state.controller = .looked(sight(of: state))
  }

  private func sight(of state: ModelState) -> [ModelSight] {
    state.pods.map { pod in
      ModelSight(
        generation: pod.generation, isRegistered: pod.isRegistered, isRejected: pod.isRejected,
        waitingOrder: pod.waitingOrder, heldOrder: pod.heldOrder,
        isBusy: fault == .busyIsReadFirst && pod.work > 0)
    }
  }

  /// The controller reads the rest and lets the real rules decide.
  func decide(_ state: inout ModelState, wanted: Int) {
    var sights = sight(of: state)
    if case .looked(let seen) = state.controller {
      for place in sights.indices {
        if fault == .busyIsReadFirst {
          sights[place].isBusy = seen[place].isBusy
        } else {
          sights[place] = seen[place]
        }
      }
    }
    var memory = state.memory.real(self)
    let busy = state.pods.map { $0.work > 0 }
    let step = policy.step(
      observation(state, sights, busy), wanted: wanted, memory: &memory, now: .origin)
    state.memory = ModelMemory(memory, self)
    if fault == .noSecondLook { state.memory.wasBusy = busy }
    var actions = step.actions.compactMap(ModelAction.init)
    if costsBusyPods { actions += step.busyCosts.compactMap(ModelAction.init) }
    if actions.isEmpty { state.endRound() } else { state.controller = .acting(actions) }
  }

  private func observation(
    _ state: ModelState, _ sights: [ModelSight], _ busy: [Bool]
  ) -> ScaleInObservation {
    var pods: [ScaleInPod] = []
    var workers: [ScaleInWorker] = []
    var orders: [ScaleInOrder] = []
    for (place, pod) in state.pods.enumerated() where pod.life != .absent {
      let name = ModelUID(place: place, generation: pod.generation).text
      pods.append(
        ScaleInPod(
          name: name, uid: name, owner: "rs", condition: pod.life == .starting ? .notReady : .ready,
          isTerminating: pod.life == .ending, revision: "", deletionCost: pod.cost,
          mark: pod.isMarked ? ScaleInMark(cordon: policy.cordon) : nil))
      let sight = sights[place]
      // What was seen of the worker that had the place before is not about this one.
      guard sight.generation == pod.generation else { continue }
      if sight.isRegistered {
        let isBusy =
          switch fault {
          case .busyIsReadFirst: sight.isBusy
          case .noSecondLook: state.memory.wasBusy.isEmpty ? busy[place] : state.memory.wasBusy[place]
          default: busy[place]
          }
        workers.append(
          ScaleInWorker(
            name: name, executorID: name, registration: sight.isRejected ? .rejected : .approved,
            isBusy: isBusy))
      }
      if sight.waitingOrder > 0 {
        let until = ordersEnd ? ScalingInstant(tick: Int8(sight.waitingOrder)) : nil
        orders.append(ScaleInOrder(id: "w\(name)", worker: name, state: .waiting(until: until)))
      }
      if sight.heldOrder > 0 {
        let until = ordersEnd ? ScalingInstant(tick: Int8(sight.heldOrder)) : nil
        orders.append(ScaleInOrder(id: "h\(name)", worker: name, state: .held(by: name, until: until)))
      }
    }
    if fault == .ordersAreTrusted {
      orders = orders.map {
        ScaleInOrder(id: $0.id, worker: $0.worker, state: .held(by: $0.worker, until: nil))
      }
    }
    return ScaleInObservation(
      target: ScaleInObservation.Target(replicas: Int(state.replicas), revision: "\(state.version)"),
      pods: pods, workers: workers, orders: orders, strangers: [],
      ordersGoFirst: ordersGoFirst)
  }
}

extension ModelPod {
  fileprivate var cost: Int32? {
    isCheap ? ScaleInPolicy.chosenCost : isDear ? ScaleInBusyCost.range.lowerBound : nil
  }
}

extension ModelAction {
  fileprivate init?(_ busy: ScaleInBusyCost) {
    guard let uid = ModelUID(text: busy.pod.uid) else { return nil }
    self = .makeDear(uid, busy.cost != nil)
  }

  fileprivate init?(_ action: ScaleInAction) {
    switch action {
    case .mark(let pod, let mark):
      guard let uid = ModelUID(text: pod.uid) else { return nil }
      self = .mark(uid, mark != nil)
    case .setDeletionCost(let pod, let cost):
      guard let uid = ModelUID(text: pod.uid) else { return nil }
      self = .cheapen(uid, cost != nil)
    case .cordon(let worker):
      guard let uid = ModelUID(text: worker.name) else { return nil }
      self = .cordon(uid)
    case .uncordon(let worker):
      guard let uid = ModelUID(text: worker.name) else { return nil }
      self = .uncordon(uid)
    case .cancelOrder: return nil
    case .setReplicas(let count, let revision):
      self = .setReplicas(UInt8(count), version: UInt8(revision) ?? 0)
    }
  }
}
