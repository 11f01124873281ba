extension Explanation {
  /// Everything that kept the decision from following demand, the most important last.
  public var limits: [ScalingLimit] {
    var limits: [ScalingLimit] =
      switch basis {
      case .demand(let demand): self.limits(demand)
      case .unknown(let unknown): self.limits(unknown)
      }
    if policy.bounded(replicas) != replicas { limits.append(.outsideBounds(current: current)) }
    if let pause { limits.append(.paused(pause)) }
    return limits
  }

  private func limits(_ demand: DemandBasis) -> [ScalingLimit] {
    var limits: [ScalingLimit] = []
    if demand.needed < policy.min { limits.append(.minimum(policy.min)) }
    if demand.needed > policy.max { limits.append(.maximum(policy.max)) }
    guard policy.bounded(demand.needed) < replicasUnlessPaused else { return limits }
    if let highest = demand.highestInWindow {
      limits.append(.keepAlive(highest: highest, until: nextStep?.at))
    } else if let since = demand.observedSince {
      limits.append(.windowNotObserved(since: since, until: since.advanced(by: policy.scaleDown.idleFor)))
    } else {
      limits.append(.demandIsLowerBound)
    }
    return limits
  }

  private func limits(_ unknown: UnknownBasis) -> [ScalingLimit] {
    guard let fallback = reachedFallback(unknown) else {
      return replicasUnlessPaused > current ? [.unknown, .minimum(policy.min)] : [.unknown]
    }
    let target = policy.bounded(fallback.replicas)
    guard target < replicasUnlessPaused else { return [.fallback(replicas: target, polls: unknown.polls)] }
    let until = fallback.allowLowering ? unknown.since?.advanced(by: policy.scaleDown.idleFor) : nil
    return [.unknown, .fallbackMayNotLower(replicas: target, until: until)]
  }

  /// The fallback, if enough polls have left the queue unknown.
  func reachedFallback(_ unknown: UnknownBasis) -> FallbackPolicy? {
    policy.fallback.flatMap { unknown.polls >= $0.afterFailures ? $0 : nil }
  }
}
