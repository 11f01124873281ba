extension Explanation {
  /// Everything that kept the decision from following demand, the most important last.
  public var limits: [ScalingLimit] {
    var limits: [ScalingLimit] =
      switch basis {
      case .demand(let demand): self.limits(demand)
      case .unknown(let unknown): self.limits(unknown)
      }
    if let keptFrom {
      limits.append(.capacityShort(keptFrom.cap.shortage, otherwise: keptFrom.wanted))
    }
    limits += controlLimits
    if bounds.bounded(replicas) != replicas { limits.append(.outsideBounds(current: current)) }
    if let scaleIn { limits.append(.scaleIn(scaleIn)) }
    if let pause { limits.append(.paused(pause)) }
    return limits
  }

  private func limits(_ demand: DemandBasis) -> [ScalingLimit] {
    var limits = queueLimits(demand) + objectiveLimits(demand)
    let most = capacity?.bounds ?? bounds
    if demand.needed < most.min { limits.append(minimumLimit) }
    if demand.needed > most.max { limits.append(maximumLimit) }
    let bounded = bounds.bounded(demand.needed)
    if bounded > wanted { return limits + [growthLimit(demand)] }
    return bounded < wanted ? limits + [shrinkingLimit(demand)] : limits
  }

  private func queueLimits(_ demand: DemandBasis) -> [ScalingLimit] {
    demand.queues.enumerated().compactMap { index, queue in
      if case .unknown(let unknown) = queue { .queueUnknown(index + 1, unknown) } else { nil }
    }
  }

  private func growthLimit(_ demand: DemandBasis) -> ScalingLimit {
    let load = demand.load
    if let ratio = policy.ratio(of: load, current: current),
      policy.growth(for: load, current: current, bounds) == wanted
    {
      return .withinTolerance(ratio: ratio, tolerance: policy.tolerance(.up))
    }
    return .stabilizing(lowest: demand.lowestInWindow, until: nextStep?.at)
  }

  private func shrinkingLimit(_ demand: DemandBasis) -> ScalingLimit {
    guard let highest = demand.highestInWindow else {
      if let since = demand.observedSince {
        return .windowNotObserved(since: since, until: since.advanced(by: policy.scaleDown.window))
      }
      let isBound = demand.isPart || demand.reading.exactness == .atLeast
      return isBound ? .demandIsLowerBound : .loadIsLowerBound
    }
    let load = demand.load
    if let ratio = policy.ratio(of: load, current: current),
      policy.shrinking(for: load, current: current, bounds) == wanted
    {
      return .withinTolerance(ratio: ratio, tolerance: policy.tolerance(.down))
    }
    return .keepAlive(highest: highest, until: nextStep?.at)
  }

  private func limits(_ unknown: UnknownBasis) -> [ScalingLimit] {
    guard let fallback = reachedFallback(unknown) else {
      return wanted > current ? [.unknown, minimumLimit] : [.unknown]
    }
    let target = bounds.bounded(fallback.replicas)
    guard target < wanted else { return [.fallback(replicas: target, polls: unknown.polls)] }
    let until = fallback.allowLowering ? unknown.since?.advanced(by: policy.scaleDown.window) : nil
    return [.unknown, .fallbackMayNotLower(replicas: target, until: until)]
  }

  /// The fallback, if enough polls have left the queue unknown.
  func reachedFallback(_ unknown: UnknownBasis) -> FallbackPolicy? {
    policy.fallback.flatMap { unknown.polls >= $0.afterFailures ? $0 : nil }
  }
}
