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
  /// It is not known which worker it is, or it is not the only one: no order keeps the pod from work.
  case unmapped
  /// Its worker will register in a moment, or another one will, and cannot be kept from taking work before it has.
  case starting
}

extension ScaleInPolicy {
  func standing(
    of pod: ScaleInPod, in view: ScaleInView, _ memory: ScaleInMemory, now: ScalingInstant
  ) -> ScaleInStanding {
    let memory = memory.pods[pod.uid]
    // It was let free, and that may still be on its way: what keeps it from taking work may end at any moment.
    if view.workers[pod.name]?.isBusy != true, memory?.uncordonSent != nil { return .unknown }
    guard let worker = view.workers[pod.name] else {
      return standing(ofUnregistered: pod, in: view, memory, now: now)
    }
    guard let isBusy = worker.isBusy else { return .unknown }
    if isBusy { return .busy }
    if worker.registration == .pending, !worker.sharesPod {
      return standing(ofUnregistered: pod, in: view, memory, now: now)
    }
    // It may be dead, and its container about to start another one, which nothing keeps from taking work.
    if let since = memory?.unreadySince, now < since.advanced(by: startDeadline) { return .starting }
    if worker.sharesPod { return .unmapped }
    // Whoever rejected it: it cannot take work.
    if worker.registration == .rejected { return .outOfService }
    if memory?.notCordonableUntil != nil { return .free }
    switch cordon {
    case .none: return .free
    case .approval: return .idle(isAsked: false)
    case .drain: return standing(ofAsked: pod, worker, in: view, memory, now: now)
    }
  }

  private func standing(
    ofAsked pod: ScaleInPod, _ worker: ScaleInWorker, in view: ScaleInView, _ memory: ScaleInMemory.Pod?,
    now: ScalingInstant
  ) -> ScaleInStanding {
    let orders = view.orders[pod.name] ?? []
    let end = now.advanced(by: leaseMargin)
    if orders.contains(where: { $0.isHeld(by: worker.executorID, until: end) }) { return .outOfService }
    let isAsked = orders.contains { $0.isWaiting(until: end) && $0.reachesWorker }
    guard isAsked, view.observation.ordersGoFirst else { return .idle(isAsked: isAsked) }
    // The order that waits is the next thing that the worker takes: when the one that it holds ends, or when it asks
    // for work again. It is expected to take it soon, and so to show that it knows what it means.
    let isHeld = orders.contains { $0.isHeld(by: worker.executorID, until: now) }
    let isSilent = memory?.cordoningSince.map { $0.advanced(by: cordonDeadline) <= now } ?? false
    return isHeld || isSilent ? .outOfService : .idle(isAsked: true)
  }

  private func standing(
    ofUnregistered pod: ScaleInPod, in view: ScaleInView, _ memory: ScaleInMemory.Pod?, now: ScalingInstant
  ) -> ScaleInStanding {
    if view.workers[pod.name] == nil, !view.observation.strangers.isEmpty, pod.condition >= .notReady {
      return .unmapped
    }
    let isReached = view.observation.ordersGoFirst && !view.observation.usedNames.contains(pod.name)
    guard cordon == .drain, isReached else {
      // Nothing reaches a worker that is not there yet. One whose containers run will be there in a moment, or never;
      // one whose containers do not run will not be there before its pod is deleted.
      guard let since = memory?.runsSince else { return .outOfService }
      return since.advanced(by: startDeadline) <= now ? .outOfService : .starting
    }
    // The first thing that it takes is the order.
    let isAsked = (view.orders[pod.name] ?? []).contains {
      $0.isWaiting(until: now.advanced(by: leaseMargin)) && $0.reachesWorker
    }
    return isAsked ? .outOfService : .idle(isAsked: false)
  }
}

extension ScaleInOrder {
  func isHeld(by executorID: String, until end: ScalingInstant) -> Bool {
    guard case .held(let holder, let until) = state, holder == executorID else { return false }
    return until.map { $0 >= end } ?? true
  }

  fileprivate func isWaiting(until end: ScalingInstant) -> Bool {
    guard case .waiting(let until) = state else { return false }
    return until.map { $0 >= end } ?? true
  }
}
