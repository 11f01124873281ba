extension ScalingPolicy {
  /// Decides how many replicas there should be.
  ///
  /// Pure: the same input, state and moment always give the same decision, and deciding again on the same
  /// input changes nothing. `now` must not go backwards between calls with one state.
  ///
  /// What always holds:
  /// - The result lies within the bounds, or, where nothing may be taken away yet, is the current number.
  /// - Replicas are taken away only on a trusted reading, and only after a whole keep-alive window of
  ///   uninterrupted observation; the one exception is a fallback that is allowed to lower, which waits as
  ///   long.
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
    let basis = state.take(input.observation, policy: self, now: now)
    let outcome = outcome(basis, current: current, now: now)
    let replicas = input.pause == nil ? outcome.replicas : current
    return Decision(
      explanation: Explanation(
        decidedAt: now, current: current, replicas: replicas,
        reason: input.pause?.reason ?? outcome.reason, policy: self, basis: basis,
        nextStep: nextStep(below: outcome.replicas, basis, state.window), pause: input.pause,
        replicasUnlessPaused: outcome.replicas))
  }

  private typealias Outcome = (replicas: Int, reason: ScalingReason)

  private func outcome(_ basis: ScalingBasis, current: Int, now: ScalingInstant) -> Outcome {
    switch basis {
    case .demand(let demand): outcome(demand, current: current)
    case .unknown(let unknown): outcome(unknown, current: current, now: now)
    }
  }

  private func outcome(_ demand: DemandBasis, current: Int) -> Outcome {
    let wanted = bounded(demand.needed)
    if wanted > current { return (wanted, demand.needed <= min ? .raisedToMinimum : .scaledUp) }
    if wanted == current {
      return (current, demand.needed > max ? .atMaximum : demand.needed < min ? .atMinimum : .steady)
    }
    guard let highest = demand.highestInWindow else {
      return (current, demand.observedSince == nil ? .demandIsLowerBound : .windowNotObserved)
    }
    let kept = Swift.min(current, bounded(highest))
    if kept == current { return (current, .keepAlive) }
    return (kept, kept == max ? .loweredToMaximum : .scaledDown)
  }

  private func outcome(_ unknown: UnknownBasis, current: Int, now: ScalingInstant) -> Outcome {
    let floor = Swift.max(current, min)
    if let fallback, unknown.polls >= fallback.afterFailures {
      let target = bounded(fallback.replicas)
      if target > floor { return (target, .fallbackRaised) }
      if target < current, mayLower(unknown, now: now) { return (target, .fallbackLowered) }
      return (floor, floor > current ? .raisedToMinimum : .fallbackHeld)
    }
    return (floor, floor > current ? .raisedToMinimum : unknown.cause.reason)
  }

  private func mayLower(_ unknown: UnknownBasis, now: ScalingInstant) -> Bool {
    guard let fallback, fallback.allowLowering, let since = unknown.since else { return false }
    // As long as a lower demand would have to last: also right after a restart nothing shrinks sooner.
    return since.advanced(by: scaleDown.idleFor) <= now
  }

  private func nextStep(
    below replicas: Int, _ basis: ScalingBasis, _ window: RecommendationWindow
  ) -> ShrinkStep? {
    guard case .demand(let demand) = basis, bounded(demand.needed) < replicas else { return nil }
    let next = window.nextBelow(replicas, length: scaleDown.idleFor, bounded: bounded)
    return next.map { ShrinkStep(replicas: $0.replicas, at: $0.at) }
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
