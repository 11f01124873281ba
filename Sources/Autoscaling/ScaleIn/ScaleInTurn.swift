/// One step of a scale-in while it is worked out.
struct ScaleInTurn {
  let policy: ScaleInPolicy
  let view: ScaleInView
  let wanted: Int
  let now: ScalingInstant
  var memory: ScaleInMemory
  var actions: [ScaleInAction] = []
  var obstacles: [ScaleInObstacle] = []
  var findings: [ScaleInFinding] = []
  private var standings: [(pod: ScaleInPod, standing: ScaleInStanding)] = []

  init(
    _ policy: ScaleInPolicy, _ view: ScaleInView, _ memory: ScaleInMemory, wanted: Int, now: ScalingInstant
  ) {
    self.policy = policy
    self.view = view
    self.memory = memory
    self.wanted = max(wanted, 0)
    self.now = now
  }

  mutating func run() -> ScaleInStep {
    findings = memory.take(view, policy: policy, now: now)
    standings = view.pods.map { ($0, policy.standing(of: $0, in: view, memory, now: now)) }
    if wanted > view.target.replicas {
      // First of all: it also puts an end to a smaller number that is still on its way.
      actions.append(.setReplicas(wanted, revision: view.target.revision))
    }
    let choice = choose()
    release(everyBut: choice.chosen + choice.exposed)
    let isCordoned = cordon(choice)
    if isCordoned, !choice.chosen.isEmpty || wanted < view.target.replicas { shrink(choice) }
    cancelStrayOrders()
    noteRemoval()
    let isUnderWay = !choice.chosen.isEmpty || !actions.isEmpty || memory.change != nil || view.surplus > 0
    return ScaleInStep(
      actions: actions, obstacles: obstacles, findings: findings, chosen: choice.chosen.map(\.name),
      isUnderWay: isUnderWay)
  }

  // MARK: Choosing

  /// How many replicas there should be after this attempt. As long as a smaller number may still arrive, no fewer
  /// pods than for that one are kept out of service.
  private var goal: Int {
    if wanted > view.target.replicas { return wanted }
    return isRetryDue ? min(wanted, owed) : owed
  }

  /// The replicas that the target has been told, or may have been told.
  private var owed: Int { min(view.target.replicas, memory.change?.replicas ?? .max) }

  private var isRetryDue: Bool { memory.retryAt == nil }

  private mutating func choose() -> ScaleInChoice {
    giveUpIfTooLong()
    let count = view.pods.count - goal
    let isOneSet = view.replicaSets <= 1
    let isOrderKnown = isOneSet && policy.victims == .deletionCost && !memory.distrustsCosts
    var choice = ScaleInChoice(
      count, of: standings, isOrderKnown: isOrderKnown, policy, view, memory)
    if !isOneSet, count > 0 {
      if goal >= view.target.replicas {
        // More pods than replicas are usual now. Those that an attempt before took out of service are left so for
        // as long as its removal may take.
        choice = ScaleInChoice(keeping: now < removalEnds ? standings : [])
      } else if choice.chosen.isEmpty {
        obstacles.append(.rollout(replicaSets: view.replicaSets))
      }
    }
    if wanted < view.target.replicas { obstacles += choice.obstacles }
    let chosen = Set(choice.chosen.map(\.uid))
    for (pod, standing) in standings
    where standing == .busy && memory.chosen.contains(pod.uid) && !chosen.contains(pod.uid) {
      findings.append(.tookWork(worker: pod.name))
    }
    memory.chosen = chosen
    return choice
  }

  private var removalEnds: ScalingInstant {
    (memory.removingSince ?? now).advanced(by: policy.removalDeadline)
  }

  /// An attempt that does not get as far as changing the replicas is undone and begun anew later.
  private mutating func giveUpIfTooLong() {
    let isAttempt = wanted < view.target.replicas && memory.change == nil && !memory.chosen.isEmpty
    guard isAttempt else {
      memory.attemptSince = nil
      if wanted >= view.target.replicas { memory.retryAt = nil }
      if let retryAt = memory.retryAt { obstacles.append(.retrying(at: retryAt)) }
      return
    }
    let since = memory.attemptSince ?? now
    memory.attemptSince = since
    guard since.advanced(by: policy.attemptDeadline) <= now else { return }
    let retryAt = now.advanced(by: policy.retryAfter)
    memory.attemptSince = nil
    memory.retryAt = retryAt
    obstacles.append(.retrying(at: retryAt))
  }

  // MARK: Letting free

  private mutating func release(everyBut kept: [ScaleInPod]) {
    let kept = Set(kept.map(\.uid))
    for pod in view.pods where !kept.contains(pod.uid) { release(pod) }
  }

  private mutating func release(_ pod: ScaleInPod) {
    let worker = view.workers[pod.name]
    let isRejected = worker?.registration == .rejected && pod.mark?.cordon == .approval
    let isCordoned = isRejected || view.orders[pod.name] != nil
    if isCordoned {
      actions.append(.uncordon(reference(to: pod)))
      forgetCordon(of: pod)
    }
    guard let mark = pod.mark else { return }
    if pod.deletionCost == ScaleInPolicy.chosenCost, mark.previousCost != pod.deletionCost {
      actions.append(.setDeletionCost(pod.reference, mark.previousCost))
    }
    // A rejection may still be on its way: the mark says who has to take it back.
    let sent = memory.pods[pod.uid]?.cordonSent
    let isOver = sent.map { $0.advanced(by: policy.requestDeadline) <= now } ?? true
    if !isCordoned, isOver || mark.cordon != .approval { actions.append(.mark(pod.reference, nil)) }
  }

  private mutating func forgetCordon(of pod: ScaleInPod) {
    memory.pods[pod.uid]?.cordoningSince = nil
    memory.pods[pod.uid]?.cordonsSent = 0
  }

  private mutating func cancelStrayOrders() {
    for (worker, orders) in view.orders.sorted(by: { $0.key < $1.key })
    where !view.podNames.contains(worker) && worker.hasPrefix(view.observation.podNamePrefix) {
      for order in orders { actions.append(.cancelOrder(id: order.id)) }
    }
  }

  // MARK: Cordoning

  /// Asks everybody to take no more work who has to; returns whether nobody does any more.
  private mutating func cordon(_ choice: ScaleInChoice) -> Bool {
    let affected = Set((choice.chosen + choice.exposed).map(\.uid))
    var missing = 0
    for (pod, standing) in standings where affected.contains(pod.uid) {
      guard case .idle(let isAsked) = standing else {
        if standing == .outOfService { forgetCordon(of: pod) }
        continue
      }
      missing += 1
      cordon(pod, isAsked: isAsked)
    }
    if missing > 0 { obstacles.append(.cordoning(missing)) }
    return missing == 0
  }

  /// How often a worker is asked before it counts as one that does not hold its orders.
  private static let attempts = 3

  private mutating func cordon(_ pod: ScaleInPod, isAsked: Bool) {
    let since = memory.pods[pod.uid]?.cordoningSince ?? now
    memory.pods[pod.uid]?.cordoningSince = since
    let isRegistered = view.workers[pod.name] != nil
    let sent = memory.pods[pod.uid]?.cordonsSent ?? 0
    let isTooLate =
      since.advanced(by: policy.cordonDeadline) <= now || (!isAsked && sent >= Self.attempts)
    if isRegistered, isTooLate {
      memory.pods[pod.uid]?.notCordonableUntil = now.advanced(by: policy.retryAfter)
      findings.append(.didNotDrain(worker: pod.name))
      return
    }
    guard !isAsked else { return }
    if policy.cordon == .approval, pod.mark == nil { mark(pod) }
    actions.append(.cordon(reference(to: pod)))
    memory.pods[pod.uid]?.cordonSent = now
    memory.pods[pod.uid]?.cordonsSent = sent + 1
  }

  private mutating func mark(_ pod: ScaleInPod) {
    let cost = pod.deletionCost == ScaleInPolicy.chosenCost ? nil : pod.deletionCost
    actions.append(.mark(pod.reference, ScaleInMark(cordon: policy.cordon, previousCost: cost)))
  }

  private func reference(to pod: ScaleInPod) -> ScaleInWorkerReference {
    ScaleInWorkerReference(name: pod.name, executorID: view.workers[pod.name]?.executorID)
  }

  // MARK: Shrinking

  private mutating func shrink(_ choice: ScaleInChoice) {
    let isEverybody = choice.chosen.count + choice.exposed.count == view.pods.count
    if !isEverybody { writeCosts(choice) }
    let remaining = max(view.pods.count - choice.chosen.count, goal)
    guard remaining < view.target.replicas else { return }
    if let change = memory.change {
      obstacles.append(.changePending(until: change.at.advanced(by: policy.requestDeadline)))
      return
    }
    // Without pods too many none goes, so it does not matter which would.
    guard isEverybody || choice.chosen.isEmpty || isSettled(choice) else { return }
    actions.append(.setReplicas(remaining, revision: view.target.revision))
    memory.change = ScaleInMemory.Change(replicas: remaining, revision: view.target.revision, at: now)
    memory.expected = Dictionary(uniqueKeysWithValues: choice.chosen.map { ($0.uid, $0.name) })
  }

  private mutating func writeCosts(_ choice: ScaleInChoice) {
    for pod in choice.chosen where pod.deletionCost != ScaleInPolicy.chosenCost || pod.mark == nil {
      if pod.mark == nil { mark(pod) }
      if pod.deletionCost != ScaleInPolicy.chosenCost {
        actions.append(.setDeletionCost(pod.reference, ScaleInPolicy.chosenCost))
      }
    }
  }

  /// Whether the target, whose sight is at most the settle time behind, takes no pod but chosen and exposed ones.
  private mutating func isSettled(_ choice: ScaleInChoice) -> Bool {
    let chosen = Set(choice.chosen.map(\.uid))
    let exposed = Set(choice.exposed.map(\.uid))
    var until = now
    for pod in view.pods where !exposed.contains(pod.uid) {
      guard let seen = memory.pods[pod.uid] else { continue }
      let isLowest = pod.deletionCost == ScaleInPolicy.chosenCost
      if chosen.contains(pod.uid) {
        guard isLowest else {
          obstacles.append(.settling(until: nil))
          return false
        }
      } else if isLowest {
        obstacles.append(.foreignCost(pod: pod.name))
        return false
      }
      until = max(until, seen.costSince.advanced(by: policy.settle))
      if !chosen.contains(pod.uid), let since = seen.readySince {
        until = max(until, since.advanced(by: policy.settle))
      }
    }
    if until > now { obstacles.append(.settling(until: until)) }
    return until <= now
  }

  private mutating func noteRemoval() {
    guard let since = memory.removingSince, view.surplus > 0 else { return }
    obstacles.append(.removing(view.surplus, since: since))
  }
}

extension ScaleInPod {
  var reference: ScaleInPodReference { ScaleInPodReference(name: name, uid: uid) }
}
