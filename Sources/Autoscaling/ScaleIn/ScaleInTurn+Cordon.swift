extension ScaleInTurn {
  /// Asks everybody to take no more work who has to; returns whether nobody does any more.
  mutating func cordon(_ choice: ScaleInChoice) -> Bool {
    let affected = Set((choice.chosen + choice.exposed).map(\.uid))
    var missing = 0
    for (pod, standing) in standings where affected.contains(pod.uid) {
      guard case .idle(let isAsked) = standing else { continue }
      missing += 1
      cordon(pod, isAsked: isAsked)
    }
    if missing > 0 { obstacles.append(.cordoning(missing)) }
    return missing == 0
  }

  /// How often a worker is asked in vain before it counts as one that cannot be.
  private static let attempts = 3

  private mutating func cordon(_ pod: ScaleInPod, isAsked: Bool) {
    guard var memory = memory.pods[pod.uid] else { return }
    if policy.cordon == .approval, memory.unmarkSent != nil { return }
    defer { self.memory.pods[pod.uid] = memory }
    let since = memory.cordoningSince ?? now
    memory.cordoningSince = since
    let isTooLate = since.advanced(by: policy.cordonDeadline) <= now && !view.observation.ordersGoFirst
    if isTooLate || (!isAsked && memory.cordonsSent >= Self.attempts) {
      memory.notCordonableUntil = now.advanced(by: policy.retryAfter)
      findings.append(.didNotDrain(worker: pod.name))
      return
    }
    guard !isAsked else { return }
    if policy.cordon == .approval, pod.mark?.cordon != .approval { mark(pod) }
    actions.append(.cordon(reference(to: pod)))
    memory.cordonSent = now
    // An order that is about to end is followed by another; one that has ended before its time was not obeyed.
    if view.orders[pod.name] == nil { memory.cordonsSent += 1 }
  }

  mutating func mark(_ pod: ScaleInPod) {
    let isOwn = pod.deletionCost == ScaleInPolicy.chosenCost || pod.hasBusyCost
    let cost = pod.mark != nil ? pod.mark?.previousCost : isOwn ? nil : pod.deletionCost
    // Who was rejected without a mark was so by somebody else, and stays so.
    let isForeign = pod.mark == nil && view.workers[pod.name]?.registration == .rejected
    let cordon: ScaleInPolicy.Cordon = isForeign ? .none : policy.cordon
    actions.append(.mark(pod.reference, ScaleInMark(cordon: cordon, previousCost: cost)))
  }

  func reference(to pod: ScaleInPod) -> ScaleInWorkerReference {
    ScaleInWorkerReference(name: pod.name, executorID: view.workers[pod.name]?.executorID)
  }
}
