internal import Autoscaling
internal import Colonies
internal import ColoniesClient
internal import KubernetesClient
internal import Timekeeping

extension ScaleInTarget {
  /// Carries actions out, in order, up to the first that fails.
  /// - Returns: Whether all were done.
  func perform(_ actions: [ScaleInAction], _ sight: ScaleInSight, decidedAt: Duration) async -> Bool {
    for action in actions {
      guard time.now() - decidedAt < Self.budget, await perform(action, sight, decidedAt) else {
        return false
      }
    }
    return true
  }

  /// How long after a step its actions may begin, and how long one of them may take. The rules count on it that what a
  /// step does is over by ``ScaleInPolicy/requestDeadline``, which leaves a rest for what arrives after its deadline.
  static let budget: Duration = .seconds(4)

  private func perform(
    _ action: ScaleInAction, _ sight: ScaleInSight, _ decidedAt: Duration
  ) async -> Bool {
    switch action {
    case .mark(let pod, let mark):
      await annotate(pod, ScaleInMark.annotation, mark?.text)
    case .setDeletionCost(let pod, let cost):
      await annotate(pod, Pod.deletionCostAnnotation, cost.map { "\($0)" })
    case .cordon(let worker): await cordon(worker, sight)
    case .uncordon(let worker): await uncordon(worker, sight)
    case .cancelOrder(let id): await withdraw(id)
    case .setReplicas(let replicas, let revision): await setReplicas(replicas, revision, sight, decidedAt)
    }
  }

  private func annotate(_ pod: ScaleInPodReference, _ key: String, _ value: String?) async -> Bool {
    let cluster = cluster
    return await act("annotate \(pod.name) with \(key)", "annotate") { deadline in
      try await cluster.annotate(pod, key, value, basedOn: nil, deadline: deadline)
    }
  }

  /// Writes costs of busy pods in the pause before the next look, and for no longer. What fails is told and left out;
  /// the next look decides anew.
  func write(_ costs: [ScaleInBusyCost]) async {
    let cluster = cluster
    let end = time.now() + Self.stride
    for cost in costs {
      let rest = end - time.now()
      // Something else that is wanted does not wait for it.
      guard rest > .zero, wish?.replicas == pursued?.replicas else { return }
      let value = cost.cost.map { "\($0)" }
      await act("cost the busy \(cost.pod.name) \(value ?? "nothing")", "busyCost", within: rest) {
        deadline in
        try await cluster.annotate(
          cost.pod, Pod.deletionCostAnnotation, value, basedOn: cost.revision, deadline: deadline)
      }
    }
  }

  // MARK: Cordons

  private func cordon(_ reference: ScaleInWorkerReference, _ sight: ScaleInSight) async -> Bool {
    let queue = queue
    let worker = sight.workers[reference.name]
    switch scaler.scaleIn?.cordon {
    case .approval?:
      guard let worker, let owner = scaler.ownerCredentials else { return false }
      // Before it is known whether it was done.
      rejected.insert(worker.id)
      return await act("reject \(worker.name)", "reject") { _ in
        try await queue.reject(worker, owner: owner)
      }
    case .drain?:
      let address = WorkerAddress(
        name: worker?.name ?? reference.name, id: worker?.id ?? "", executorType: scaler.executorType)
      let sent = time.instant()
      var id: String?
      let isDone = await act("order \(address.name) to take no more work", "order") { _ in
        try await queue.order(address)
      } then: {
        id = $0
      }
      guard isDone, let id else {
        // If the answer was lost, there may be an order.
        orderSearch = time.now()
        return false
      }
      let reaches = sight.observation.ordersGoFirst
      orders[id] = KnownOrder(
        addressee: reaches ? address.name : address.id, pod: reference.name,
        waitingEnds: reaches ? sent.advanced(by: DrainOrder.longestWait) : nil,
        leaseEnds: sent.advanced(by: DrainOrder.defaultLease))
      return true
    case ScaleInPolicy.Cordon.none?, nil: return false
    }
  }

  private func uncordon(_ reference: ScaleInWorkerReference, _ sight: ScaleInSight) async -> Bool {
    let worker = sight.workers[reference.name]
    let ids = (sight.observation.orders ?? []).filter { $0.worker == reference.name }.map(\.id)
    for id in ids { guard await withdraw(id) else { return false } }
    // Nobody is approved whom somebody else rejected.
    let mark = sight.observation.pods?.first { $0.name == reference.name }?.mark
    guard let worker, worker.state == .rejected, mark?.cordon == .approval else { return true }
    guard let owner = scaler.ownerCredentials else {
      warn(
        "\(worker.name) was rejected to be taken away, and without ownerCredentials it stays so",
        "scaleInFailed")
      return false
    }
    let queue = queue
    let isDone = await act("approve \(worker.name) again", "approve") { _ in
      try await queue.approve(worker, owner: owner)
    }
    if isDone { rejected.remove(worker.id) }
    return isDone
  }

  private func withdraw(_ id: String) async -> Bool {
    let queue = queue
    let isDone = await act("take back the drain order \(id)", "withdraw") { _ in
      try await queue.withdraw(order: id)
    }
    if isDone { orders[id] = nil }
    return isDone
  }

  // MARK: Replicas

  /// How often a change is sent while somebody changes what does not matter for it, such as the target's status.
  private static let attempts = 5

  private func setReplicas(
    _ replicas: Int, _ revision: String, _ sight: ScaleInSight, _ decidedAt: Duration
  ) async -> Bool {
    guard await hasSeenAllPods(sight), time.now() - decidedAt < Self.budget else {
      memory.changeWasRefused()
      return false
    }
    var revision = revision
    var attempt = 1
    while true {
      guard wantsNoMore(than: replicas) else {
        // Demand came while the turn was under way. The next one lets free who was chosen.
        memory.changeWasRefused()
        return false
      }
      do throws(TargetError) {
        try await cluster.setReplicas(
          replicas, basedOn: TargetRevision(value: revision), deadline: Self.budget)
        metrics.countScaleInAction("setReplicas", result: "success")
        await changed(to: replicas)
        return true
      } catch {
        metrics.countScaleInAction("setReplicas", result: error.code.rawValue)
        if error.code == .conflict, attempt < Self.attempts, let next = await sameTarget(sight),
          time.now() - decidedAt < Self.budget
        {
          attempt += 1
          revision = next
          memory.changeWasSent(revision: next)
          continue
        }
        if error.leavesDoubt { noteDoubt() } else { memory.changeWasRefused() }
        if error.code != .conflict { warn("\(error)", "scaleInFailed") }
        return false
      }
    }
  }

  /// Whether there are no pods but those that were looked at: another one might go instead of them, or with them.
  private func hasSeenAllPods(_ sight: ScaleInSight) async -> Bool {
    let cluster = cluster
    let seen = Set((sight.observation.pods ?? []).map(\.uid))
    do {
      return try await time.within(Self.budget) { try await cluster.hasOnly(seen) }
    } catch {
      warn("the replicas stay, as the pods could not be listed: \(error)", "scaleInFailed")
      return false
    }
  }

  /// The version that the target has now, if it is wanted to be what it was when it was looked at.
  private func sameTarget(_ sight: ScaleInSight) async -> String? {
    do throws(TargetError) {
      let now = try await cluster.observe()
      let isSame = now.generation != nil && now.generation == sight.generation && now.pause == nil
      return isSame ? now.revision.value : nil
    } catch {
      // Looked at again in the next turn, which tells it.
      return nil
    }
  }

  // MARK: Doing

  /// Does one thing with effects, if that is allowed right now, within the time that is left for it.
  /// - Returns: Whether it was certainly done.
  @discardableResult
  func act<Value: Sendable>(
    _ what: String, _ action: String, within limit: Duration = ScaleInTarget.budget,
    _ body: @escaping @Sendable (Duration) async throws -> Value,
    then: (Value) -> Void = { _ in }
  ) async -> Bool {
    guard let permitted = permit.deadline() else { return false }
    let deadline = min(permitted, limit)
    do {
      then(try await time.within(deadline) { try await body(deadline) })
      metrics.countScaleInAction(action, result: "success")
      return true
    } catch {
      if error.leavesDoubt { noteDoubt() }
      metrics.countScaleInAction(action, result: "failure")
      // Somebody else was faster: the next look decides anew.
      if (error as? TargetError)?.code == .conflict { return false }
      warn("could not \(what): \(error)", "scaleInFailed")
      return false
    }
  }

  private func noteDoubt() { doubtfulUntil = time.now() + ScaleInPolicy().requestDeadline }
}

extension Error {
  /// Whether what failed may have been done all the same, or may still be.
  fileprivate var leavesDoubt: Bool {
    switch self {
    case let error as TargetError: error.code == .unavailable
    case let error as ColoniesError: error.mayHaveHappened
    default: true
    }
  }
}
