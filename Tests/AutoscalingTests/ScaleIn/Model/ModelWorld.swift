import Autoscaling

extension ModelRules {
  /// What is the case after a move.
  func state(after move: ModelMove, from state: ModelState) throws(ModelViolation) -> ModelState {
    var next = state
    switch move {
    case .tick: tick(&next)
    case .look: look(&next)
    case .decide(let wanted): decide(&next, wanted: Int(wanted))
    case .act: act(&next)
    case .fail: next.endRound()
    case .linger:
      if case .acting(let actions) = next.controller, let action = actions.first {
        next.message = ModelMessage(action: action, ticksLeft: 1)
        next.lateRequests += 1
      }
      next.endRound()
    case .arrive:
      if let message = next.message { carryOut(message.action, &next) }
      next.message = nil
    case .crash:
      next.endRound()
      next.memory = ModelMemory()
      // The costs of busy pods need no time without a leader.
      if let message = next.message, !message.action.isForVersion { next.controller = .down }
    case .lead: next.controller = .idle
    case .submit: next.waitingWork += 1
    case .take(let place): next.take(place, order: next.pods[place].waitingOrder > 0, lease: lease)
    case .takeWorkFirst(let place): next.take(place, order: false, lease: lease)
    case .finish(let place): next.pods[place].work -= 1
    case .become(let place): next.pods[place].life = .running
    case .seeReplicas: next.seenReplicas = next.replicas
    case .create(let place): create(place, &next)
    case .delete(let places):
      for place in places {
        if next.pods[place].work > 0 { throw .deletedBusy(place) }
        next.delete(place)
      }
    case .tell(let place):
      if next.pods[place].work > 0 { throw .stoppedBusy(place) }
      next.remove(place)
    case .touch: next.version += 1
    case .grow:
      next.replicas = UInt8(pods)
      next.version += 1
    }
    next.renumberVersions()
    return next
  }

  private func create(_ place: Int, _ state: inout ModelState) {
    var pod = ModelPod(life: .starting, wasReady: false)
    let used = state.generations(at: place)
    pod.generation = (0..<ModelUID.generations).first { !used.contains($0) } ?? 0
    state.pods[place] = pod
  }

  private func tick(_ state: inout ModelState) {
    for place in state.pods.indices {
      var pod = state.pods[place]
      if ordersEnd, pod.waitingOrder > 0 { pod.waitingOrder -= 1 }
      if ordersEnd, pod.heldOrder > 0 { pod.heldOrder -= 1 }
      pod.wasCheap = pod.isCheap
      pod.wasReady = pod.life == .running
      state.pods[place] = pod
    }
    state.seenReplicas = state.replicas
    if let message = state.message {
      state.message = message.ticksLeft == 0 ? nil : message
      state.message?.ticksLeft -= 1
    }
    state.memory.age(policy)
    guard state.controller != .idle, state.controller != .down else { return }
    if state.roundAge == 0, !roundsAreQuick { ageRound(&state) } else { state.endRound() }
  }

  /// The lives of the orders that the controller has seen go on.
  private func ageRound(_ state: inout ModelState) {
    state.roundAge = 1
    guard ordersEnd, case .looked(var sights) = state.controller else { return }
    for place in sights.indices {
      if sights[place].waitingOrder > 0 { sights[place].waitingOrder -= 1 }
      if sights[place].heldOrder > 0 { sights[place].heldOrder -= 1 }
    }
    state.controller = .looked(sights)
  }

  private func act(_ state: inout ModelState) {
    guard case .acting(let actions) = state.controller, let action = actions.first else {
      return state.endRound()
    }
    state.controller = .acting(Array(actions.dropFirst()))
    let isDone = carryOut(action, &state)
    if !isDone || state.controller == .acting([]) { state.endRound() }
  }

  /// Returns whether it was done.
  @discardableResult
  private func carryOut(_ action: ModelAction, _ state: inout ModelState) -> Bool {
    switch action {
    case .mark(let uid, let isMarked):
      return change(uid, &state) { $0.isMarked = isMarked }
    case .cheapen(let uid, let isCheap):
      return change(uid, &state) { pod in
        pod.isCheap = isCheap
        pod.isDear = false
      }
    case .makeDear(let uid, let isDear):
      return change(uid, &state) { pod in
        pod.isCheap = false
        pod.isDear = isDear
      }
    case .cordon(let uid):
      guard state.isThere(uid) else { return false }
      return cordon(uid, &state)
    case .uncordon(let uid):
      guard state.isThere(uid) else { return false }
      return uncordon(&state.pods[uid.place])
    case .setReplicas(let count, let version):
      guard version == state.version || fault == .versionIgnored else { return false }
      state.replicas = count
      state.version += 1
    }
    return true
  }

  /// Changes a pod in the cluster, which gives it another version, if anything changes.
  private func change(_ uid: ModelUID, _ state: inout ModelState, _ body: (inout ModelPod) -> Void) -> Bool {
    guard state.isThere(uid) else { return false }
    let before = state.pods[uid.place]
    body(&state.pods[uid.place])
    if state.pods[uid.place] != before, fault != .podVersionIgnored { state.forgetDear(uid) }
    return true
  }

  private func cordon(_ uid: ModelUID, _ state: inout ModelState) -> Bool {
    var pod = state.pods[uid.place]
    switch policy.cordon {
    case .none: break
    case .approval:
      guard pod.isRegistered else { return false }
      pod.isRejected = true
    case .drain:
      // Orders are cancelled by their ids, so the cancellation of earlier ones does not concern this one.
      let isFirst = pod.waitingOrder == 0 && pod.heldOrder == 0
      if isFirst, state.message?.action == .uncordon(uid) { state.message = nil }
      pod.waitingOrder = orderWait
    }
    state.pods[uid.place] = pod
    return true
  }

  private func uncordon(_ pod: inout ModelPod) -> Bool {
    guard policy.cordon == .approval else {
      pod.waitingOrder = 0
      pod.heldOrder = 0
      return true
    }
    guard pod.isRegistered else { return false }
    pod.isRejected = false
    return true
  }
}

extension ModelState {
  fileprivate mutating func take(_ place: Int, order isOrder: Bool, lease: UInt8) {
    if isOrder {
      pods[place].waitingOrder = 0
      pods[place].heldOrder = lease
    } else {
      pods[place].work += 1
      waitingWork -= 1
    }
  }

  fileprivate mutating func delete(_ place: Int) {
    if pods[place].life == .starting { remove(place) } else { pods[place].life = .ending }
  }

  fileprivate mutating func remove(_ place: Int) {
    pods[place] = .absent
    // The rules forget it when they next look, and do nothing with it before.
    memory.pods.removeAll { $0.uid.place == place }
  }

  fileprivate func isThere(_ uid: ModelUID) -> Bool {
    pods[uid.place].life != .absent && pods[uid.place].generation == uid.generation
  }

  /// What was to be done to a version of a pod that it does not have any more is refused, whenever it arrives.
  fileprivate mutating func forgetDear(_ uid: ModelUID) {
    func isForIt(_ action: ModelAction) -> Bool { action.isForVersion && action.uid == uid }
    if let message, isForIt(message.action) { self.message = nil }
    guard case .acting(let actions) = controller else { return }
    let rest = actions.filter { !isForIt($0) }
    if rest.isEmpty { endRound() } else { controller = .acting(rest) }
  }

  /// The generations at a place that somebody remembers.
  fileprivate func generations(at place: Int) -> Set<UInt8> {
    var uids = memory.pods.map(\.uid)
    if let uid = message?.action.uid { uids.append(uid) }
    if case .acting(let actions) = controller { uids += actions.compactMap(\.uid) }
    if case .looked(let sights) = controller {
      uids.append(ModelUID(place: place, generation: sights[place].generation))
    }
    return Set(uids.filter { $0.place == place }.map(\.generation))
  }

  mutating func endRound() {
    controller = .idle
    roundAge = 0
  }

  /// Keeps the order of versions and forgets their distances.
  fileprivate mutating func renumberVersions() {
    var versions = [version]
    if let change = memory.change { versions.append(change.version) }
    if case .setReplicas(_, let sent)? = message?.action { versions.append(sent) }
    if case .acting(let actions) = controller {
      for case .setReplicas(_, let decided) in actions { versions.append(decided) }
    }
    /// How many other versions are older.
    func number(_ version: UInt8) -> UInt8 {
      var older = 0
      for (index, other) in versions.enumerated() where other < version {
        if versions.firstIndex(of: other) == index { older += 1 }
      }
      return UInt8(older)
    }
    guard version > 0 else { return }
    version = number(version)
    if let change = memory.change { memory.change?.version = number(change.version) }
    if let message, case .setReplicas(let count, let sent) = message.action {
      self.message = ModelMessage(
        action: .setReplicas(count, version: number(sent)), ticksLeft: message.ticksLeft)
    }
    if case .acting(let actions) = controller {
      controller = .acting(
        actions.map { action in
          guard case .setReplicas(let count, let decided) = action else { return action }
          return .setReplicas(count, version: number(decided))
        })
    }
  }
}

extension ModelAction {
  /// Whether it is refused when its pod has changed.
  var isForVersion: Bool { if case .makeDear = self { true } else { false } }

  fileprivate var uid: ModelUID? {
    switch self {
    case .mark(let uid, _), .cheapen(let uid, _), .makeDear(let uid, _), .cordon(let uid), .uncordon(let uid):
      uid
    case .setReplicas: nil
    }
  }
}
