extension ScalingPolicy {
  /// Decides how many replicas there should be.
  ///
  /// Pure: the same input, state and moment always give the same decision, and deciding again on the same
  /// input changes nothing. `now` must not go backwards between calls with one state.
  ///
  /// What always holds:
  /// - The result lies within the bounds, or, where nothing may be taken away yet, is the current number.
  /// - Replicas are taken away only on a trusted reading, and only after a whole window of uninterrupted
  ///   observation (``ScaleDownPolicy/window``); the one exception is a fallback that is allowed to lower, which
  ///   waits as long.
  /// - No hour, sliding, has more changes than allowed, but for one that brings the first replicas for work that
  ///   waits.
  /// - Rates hold in every period, sliding: the replicas differ from those at the period's beginning by no
  ///   more than is allowed, as far as this scaler changed them. What it may have changed before its state
  ///   began never holds growth up, and always holds shrinking up.
  /// - A higher demand never leads to fewer replicas, all else being equal.
  ///
  /// - Parameters:
  ///   - input: What is known about the queue and the replicas.
  ///   - state: What this scaler remembers; updated.
  ///   - now: The moment of the decision.
  public func decide(
    _ input: ScalingInput, state: inout ScalerState, now: ScalingInstant
  ) -> Decision {
    let current = input.currentReplicas
    let open = bounds(at: input.wallTime)
    let bounds = input.capacityShortage == nil ? open : open.capped(at: current)
    let cap = bounds == open ? nil : input.capacityShortage.map { CapacityCap(shortage: $0, bounds: open) }
    state.see(input, policy: self, now: now)
    let basis = state.take(input, policy: self, now: now)
    let outcome = outcome(basis, current: current, bounds, now: now)
    let control = control(outcome.replicas, current: current, basis, state.changes, now: now)
    let allowed = control?.allowed(from: current, bounds) ?? outcome.replicas
    let free = cap?.reason(for: basis, current: current, allowed, self) ?? outcome.reason
    let reason = control?.reason(from: current, bounds) ?? free
    let replicas = input.pause == nil ? allowed : current
    let nextStep = nextStep(after: allowed, from: current, basis, bounds, state, now: now)
    state.propose(replicas, from: current, at: now)
    return Decision(
      explanation: Explanation(
        decidedAt: now, current: current, replicas: replicas, reason: input.pause?.reason ?? reason,
        policy: self, bounds: bounds, capacity: cap, wallTime: input.wallTime, basis: basis, control: control,
        nextStep: nextStep, pause: input.pause,
        replicasUnlessPaused: allowed))
  }

  /// For how long changes are remembered; nil when nothing depends on them.
  var changesRemembered: Duration? {
    if maxChangesPerHour != nil { return ChangeBudget.period }
    guard scaleUp.limitsRate || scaleDown.behavior.limitsRate else { return nil }
    return Swift.max(scaleUp.longestPeriod, scaleDown.behavior.longestPeriod)
  }

  /// What limits a change to the wanted replicas; nil when nothing does.
  func control(
    _ wanted: Int, current: Int, _ basis: ScalingBasis, _ changes: ChangeHistory, now: ScalingInstant
  ) -> ChangeControl? {
    guard changes.since != nil else { return nil }
    let budget = maxChangesPerHour.map { perHour in
      ChangeBudget(perHour: perHour, changes, isExempt: current == 0 && basis.hasWaitingWork, now: now)
    }
    return ChangeControl(
      wanted: wanted, growth: RateLimit(.up, scaleUp, changes, current: current, now: now),
      shrinking: RateLimit(.down, scaleDown.behavior, changes, current: current, now: now), budget: budget)
  }

  private typealias Outcome = (replicas: Int, reason: ScalingReason)

  private func outcome(
    _ basis: ScalingBasis, current: Int, _ bounds: ReplicaBounds, now: ScalingInstant
  ) -> Outcome {
    switch basis {
    case .demand(let demand): outcome(demand, current: current, bounds)
    case .unknown(let unknown): outcome(unknown, current: current, bounds, now: now)
    }
  }

  private func outcome(_ demand: DemandBasis, current: Int, _ bounds: ReplicaBounds) -> Outcome {
    let load = demand.load
    let grown = growth(for: demand.lowestLoad, current: current, bounds)
    if grown > current { return (grown, demand.needed <= bounds.min ? .raisedToMinimum : .scaledUp) }
    let wanted = bounds.bounded(demand.needed)
    if wanted > current {
      let isNear = growth(for: load, current: current, bounds) == current
      return (current, isNear ? .withinTolerance : .stabilizing)
    }
    if wanted == current {
      let needed = demand.needed
      return (current, needed > bounds.max ? .atMaximum : needed < bounds.min ? .atMinimum : .steady)
    }
    guard let highest = demand.highestLoad else {
      if demand.observedSince != nil { return (current, .windowNotObserved) }
      let isBound = demand.isPart || demand.reading.exactness == .atLeast
      return (current, isBound ? .demandIsLowerBound : .measurementPending)
    }
    let kept = shrinking(for: highest, current: current, bounds)
    if kept < current { return (kept, kept == bounds.max ? .loweredToMaximum : .scaledDown) }
    let isNear = shrinking(for: load, current: current, bounds) == current
    return (current, isNear ? .withinTolerance : .keepAlive)
  }

  private func outcome(
    _ unknown: UnknownBasis, current: Int, _ bounds: ReplicaBounds, now: ScalingInstant
  ) -> Outcome {
    let floor = Swift.max(current, bounds.min)
    if let fallback, unknown.polls >= fallback.afterFailures {
      let target = bounds.bounded(fallback.replicas)
      if target > floor { return (target, .fallbackRaised) }
      if target < current, mayLower(unknown, now: now) { return (target, .fallbackLowered) }
      return (floor, floor > current ? .raisedToMinimum : .fallbackHeld)
    }
    return (floor, floor > current ? .raisedToMinimum : unknown.cause.reason)
  }

  private func mayLower(_ unknown: UnknownBasis, now: ScalingInstant) -> Bool {
    guard let fallback, fallback.allowLowering, let since = unknown.since else { return false }
    // As long as a lower demand would have to last: also right after a restart nothing shrinks sooner.
    return since.advanced(by: scaleDown.window) <= now
  }
}

extension CapacityCap {
  /// The reason to hold, where the cap is one; nil where it is not.
  fileprivate func reason(
    for basis: ScalingBasis, current: Int, _ replicas: Int, _ policy: ScalingPolicy
  ) -> ScalingReason? {
    replicas == current && wanted(basis, current: current, policy) > current ? .capacityShort : nil
  }

  /// The replicas that would be wanted without it, as far as the queue is known.
  func wanted(_ basis: ScalingBasis, current: Int, _ policy: ScalingPolicy) -> Int {
    switch basis {
    case .demand(let demand): policy.growth(for: demand.lowestLoad, current: current, bounds)
    case .unknown: Swift.max(current, bounds.min)
    }
  }
}

extension ScalingBasis {
  /// Whether work is known to wait.
  fileprivate var hasWaitingWork: Bool {
    if case .demand(let demand) = self { demand.reading.waiting > 0 } else { false }
  }
}

extension UnknownCause {
  fileprivate var reason: ScalingReason {
    switch self {
    case .pending: .readingPending
    case .failed: .readingFailed
    case .stale, .fromFuture: .readingStale
    case .suspicious: .readingSuspicious
    }
  }
}
