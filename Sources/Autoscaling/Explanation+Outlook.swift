extension Explanation {
  /// What would lead to another decision, given that this one is carried out.
  public var outlook: [ScalingOutlook] {
    if pause != nil { return [.resumed(replicas: replicasUnlessPaused)] }
    if let scaleIn { return [.workersTakenAway(replicas: scaleIn.wanted)] }
    return switch basis {
    case .demand(let demand): outlook(demand)
    case .unknown(let unknown): outlook(unknown)
    }
  }

  private func outlook(_ demand: DemandBasis) -> [ScalingOutlook] {
    [rise(demand), fall(demand)].compactMap { $0 }
  }

  private func rise(_ demand: DemandBasis) -> ScalingOutlook? {
    if let nextStep, nextStep.replicas > replicas {
      return .demandStays(until: nextStep.at, replicas: nextStep.replicas)
    }
    if let keptFrom { return .capacityReturns(replicas: keptFrom.wanted) }
    guard replicas < bounds.max else {
      return demand.needed > bounds.max ? .maximumRaised(needed: demand.needed) : nil
    }
    let covered = policy.demandTolerated(by: replicas)
    guard covered < .max else { return nil }
    let more = policy.replicasNeeded(for: covered + 1)
    let risen = policy.demand(forLoad: covered + 1, demand.objectives)
    // A change that the budget has no room for does not come.
    if let budget = control?.budget, budget.made + (direction == .hold ? 0 : 1) >= budget.perHour {
      return nil
    }
    // More than the rates leave is no outlook for the next reading.
    guard more <= bounds.max, more <= control?.growth?.replicas ?? .max else { return nil }
    if let window = policy.scaleUp.stabilizationWindow, window > .zero {
      return .demandRisesFor(to: risen, lasting: window, replicas: more)
    }
    return .demandRises(to: risen, waiting: Swift.max(risen - demand.reading.running, 0), replicas: more)
  }

  private func fall(_ demand: DemandBasis) -> ScalingOutlook? {
    if let nextStep, nextStep.replicas < replicas {
      return .demandStays(until: nextStep.at, replicas: nextStep.replicas)
    }
    guard replicas > bounds.min, policy.scaleDown.behavior.select != .disabled else { return nil }
    if demand.isPart { return .readingSucceeds }
    if demand.observedSince == nil {
      return demand.reading.exactness == .atLeast ? .readingIsExact : .measured
    }
    let left = policy.demandLeft(by: replicas)
    // What the rates leave within the next period depends on more than demand.
    guard left >= 0, !policy.scaleDown.behavior.limitsRate, control?.budget == nil else { return nil }
    let fallen = policy.demand(forLoad: left + 1, demand.objectives) - 1
    // No demand is low enough while as much arrives.
    guard fallen >= 0 else { return nil }
    let needed = policy.replicasNeeded(for: policy.load(of: fallen, demand.objectives))
    let fewer = Swift.max(needed, bounds.min)
    return .demandFalls(to: fallen, lasting: policy.scaleDown.window, replicas: fewer)
  }

  private func outlook(_ unknown: UnknownBasis) -> [ScalingOutlook] {
    var outlook: [ScalingOutlook] = [.readingSucceeds]
    if case .suspicious = unknown.cause { outlook = [.readingConfirmed] }
    guard let fallback = policy.fallback else { return outlook }
    let target = bounds.bounded(fallback.replicas)
    if reachedFallback(unknown) == nil {
      if target > replicas || (target < replicas && fallback.allowLowering) {
        outlook.append(.unknownPolls(fallback.afterFailures - unknown.polls, replicas: target))
      }
    } else if target < replicas, fallback.allowLowering, let since = unknown.since {
      outlook.append(
        .unknownLasts(until: since.advanced(by: policy.scaleDown.window), replicas: target))
    }
    return outlook
  }
}
