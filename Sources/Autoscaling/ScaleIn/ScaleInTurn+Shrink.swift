extension ScaleInTurn {
  mutating func shrink(_ choice: ScaleInChoice) {
    let isEverybody = choice.chosen.count + choice.exposed.count == view.pods.count
    if !isEverybody { writeCosts(choice) }
    let remaining = max(view.pods.count - choice.chosen.count, goal)
    guard remaining < view.target.replicas else { return }
    if let change = memory.change {
      obstacles.append(.changePending(until: change.at.advanced(by: policy.requestDeadline)))
      return
    }
    guard isBalanced() else { return }
    // Without pods too many none goes, so it does not matter which would.
    guard isEverybody || choice.chosen.isEmpty || isSettled(choice) else { return }
    actions.append(.setReplicas(remaining, revision: view.target.revision))
    memory.change = ScaleInMemory.Change(replicas: remaining, revision: view.target.revision, at: now)
    // Others may change the replicas again before the next look: the time counts from that look at the earliest.
    memory.balanceSince = nil
    memory.expected = Dictionary(uniqueKeysWithValues: choice.chosen.map { ($0.uid, $0.name) })
  }

  /// Whether the target has done all that it was told, and has seen that. What it is doing when it is told the next
  /// thing may be over only when it hears of that, and then others would go.
  private mutating func isBalanced() -> Bool {
    guard let since = memory.balanceSince else { return false }
    let until = memory.balance == .even ? since.advanced(by: policy.settle) : balanceEnds
    if until > now { obstacles.append(.settling(until: until)) }
    return until <= now
  }

  mutating func setCost(of pod: ScaleInPod, _ cost: Int32?) {
    // What was written a moment ago may just not have been seen yet.
    if let sent = memory.pods[pod.uid]?.costSent, sent.cost == cost ?? 0,
      now < sent.at.advanced(by: policy.settle)
    {
      return
    }
    actions.append(.setDeletionCost(pod.reference, cost))
    memory.pods[pod.uid]?.sendCost(cost, at: now, policy: policy)
  }

  private mutating func writeCosts(_ choice: ScaleInChoice) {
    for pod in choice.chosen where pod.deletionCost != ScaleInPolicy.chosenCost || pod.mark == nil {
      guard memory.pods[pod.uid]?.unmarkSent == nil else { continue }
      if pod.mark == nil { mark(pod) }
      if pod.deletionCost != ScaleInPolicy.chosenCost {
        setCost(of: pod, ScaleInPolicy.chosenCost)
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
      until = max(until, seen.costSince.advanced(by: policy.settle), seen.costUncertainUntil ?? now)
      // Another cost may still arrive.
      if let sent = seen.costSent { until = max(until, sent.at.advanced(by: policy.requestDeadline)) }
      if chosen.contains(pod.uid) {
        guard isLowest else {
          obstacles.append(.settling(until: nil))
          return false
        }
      } else if isLowest {
        obstacles.append(.foreignCost(pod: pod.name))
        return false
      } else {
        if let since = seen.readySince { until = max(until, since.advanced(by: policy.settle)) }
      }
    }
    if until > now { obstacles.append(.settling(until: until)) }
    return until <= now
  }

  mutating func noteRemoval() {
    guard let since = memory.balanceSince, view.surplus > 0 else { return }
    obstacles.append(.removing(view.surplus, since: since))
  }
}
