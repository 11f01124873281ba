/// Where a pod's worker stands, as far as taking it away goes.
enum ScaleInStanding: Hashable {
  /// It holds work.
  case busy
  /// It is not known whether it holds work.
  case unknown
  /// It holds no work and will take none, for long enough.
  case outOfService
  /// It holds no work, and can be kept from taking any; `isAsked` says whether it has been asked.
  case idle(isAsked: Bool)
  /// It holds no work, and nothing can keep it from taking some.
  case free
  /// It is not known which worker it is.
  case unmapped
}

extension ScaleInPolicy {
  func standing(
    of pod: ScaleInPod, in view: ScaleInView, _ memory: ScaleInMemory, now: ScalingInstant
  ) -> ScaleInStanding {
    let worker = view.workers[pod.name]
    guard let worker, worker.registration != .pending else {
      return standing(ofUnregistered: pod, worker, in: view, now: now)
    }
    guard let isBusy = worker.isBusy else { return .unknown }
    if isBusy { return .busy }
    // Whoever rejected it: it cannot take work.
    if worker.registration == .rejected { return .outOfService }
    if memory.pods[pod.uid]?.notCordonableUntil != nil { return .free }
    switch cordon {
    case .none: return .free
    case .approval: return .idle(isAsked: false)
    case .drain:
      let orders = view.orders[pod.name] ?? []
      let ends = now.advanced(by: leaseMargin)
      if orders.contains(where: { $0.isHeld(by: worker.executorID, until: ends) }) { return .outOfService }
      let isAsked = orders.contains { $0.isWaiting(until: ends) }
      // An order that waits is the next thing that the worker takes: the moment the one that it holds ends, or when
      // it comes back. One that is ready is expected to take it, and so to show that it knows what that means.
      if isAsked, view.observation.ordersReachUnregistered {
        let isHeld = orders.contains { $0.isHeld(by: worker.executorID, until: now) }
        if isHeld || pod.condition < .ready { return .outOfService }
      }
      return .idle(isAsked: isAsked)
    }
  }

  private func standing(
    ofUnregistered pod: ScaleInPod, _ worker: ScaleInWorker?, in view: ScaleInView, now: ScalingInstant
  ) -> ScaleInStanding {
    if worker == nil, view.strangers > 0, pod.condition >= .notReady { return .unmapped }
    // Nothing reaches a worker that is not there yet. It takes a while to start; should it take work in the moment
    // before it is deleted, its own drain has to protect that.
    guard cordon == .drain, view.observation.ordersReachUnregistered else { return .outOfService }
    // The first thing that it takes is the order.
    let isAsked = (view.orders[pod.name] ?? []).contains {
      $0.isWaiting(until: now.advanced(by: leaseMargin))
    }
    return isAsked ? .outOfService : .idle(isAsked: false)
  }
}

extension ScaleInOrder {
  fileprivate func isHeld(by executorID: String, until end: ScalingInstant) -> Bool {
    guard case .held(let holder, let until) = state, holder == executorID else { return false }
    return until.map { $0 >= end } ?? true
  }

  fileprivate func isWaiting(until end: ScalingInstant) -> Bool {
    guard case .waiting(let until) = state else { return false }
    return until.map { $0 >= end } ?? true
  }
}
