extension ScaleInTurn {
  /// Undoes what was done to everybody who is not to go.
  mutating func release(everyBut kept: [ScaleInPod]) {
    let kept = Set(kept.map(\.uid))
    for (pod, standing) in standings where !kept.contains(pod.uid) {
      // The target may not have seen yet that it need not delete anybody any more. Whoever is busy may be unlucky,
      // but is not kept from going on.
      if standing == .busy || !mayStillDelete { release(pod) }
    }
  }

  /// Whether the target may still take pods away that nobody of ours chose, as it may not have seen that it need not.
  var mayStillDelete: Bool {
    guard memory.balance != .tooMany, let since = memory.balanceSince else {
      // During a rollout more pods than replicas say nothing.
      return view.replicaSets <= 1 || now < balanceEnds
    }
    return now < since.advanced(by: policy.settle)
  }

  private mutating func release(_ pod: ScaleInPod) {
    let worker = view.workers[pod.name]
    let isRejected = worker?.registration == .rejected && pod.mark?.cordon == .approval
    let isCordoned = isRejected || view.orders[pod.name] != nil
    if isCordoned {
      actions.append(.uncordon(reference(to: pod)))
      memory.pods[pod.uid]?.uncordonSent = now
      forgetCordon(of: pod)
    }
    guard let mark = pod.mark else { return }
    guard pod.deletionCost != ScaleInPolicy.chosenCost || mark.previousCost == pod.deletionCost else {
      setCost(of: pod, mark.previousCost)
      return
    }
    guard !isCordoned, !mayStillArrive(pod, mark) else { return }
    actions.append(.mark(pod.reference, nil))
    memory.pods[pod.uid]?.unmarkSent = now
  }

  /// Whether a rejection or a cost may still be on its way: the mark says who has to take it back.
  private func mayStillArrive(_ pod: ScaleInPod, _ mark: ScaleInMark) -> Bool {
    guard let memory = memory.pods[pod.uid] else { return false }
    if memory.costSent != nil || memory.costUncertainUntil != nil { return true }
    guard mark.cordon == .approval, let sent = memory.cordonSent else { return false }
    return now < sent.advanced(by: policy.requestDeadline)
  }

  mutating func forgetCordon(of pod: ScaleInPod) {
    memory.pods[pod.uid]?.cordoningSince = nil
    memory.pods[pod.uid]?.cordonsSent = 0
  }

  mutating func cancelStrayOrders() {
    for (worker, orders) in view.orders.sorted(by: { $0.key < $1.key })
    where !view.podNames.contains(worker) {
      for order in orders { actions.append(.cancelOrder(id: order.id)) }
    }
  }
}
