extension Explanation {
  /// What would lead to another decision, given that this one is carried out.
  public var outlook: [ScalingOutlook] {
    if pause != nil { return [.resumed(replicas: replicasUnlessPaused)] }
    return switch basis {
    case .demand(let demand): outlook(demand)
    case .unknown(let unknown): outlook(unknown)
    }
  }

  private func outlook(_ demand: DemandBasis) -> [ScalingOutlook] {
    [rise(demand), fall(demand)].compactMap { $0 }
  }

  private func rise(_ demand: DemandBasis) -> ScalingOutlook? {
    guard replicas < policy.max else {
      return demand.needed > policy.max ? .maximumRaised(needed: demand.needed) : nil
    }
    let covered = policy.demandCovered(by: replicas)
    guard covered < .max else { return nil }
    return .demandRises(
      to: covered + 1, waiting: covered + 1 - demand.reading.running, replicas: replicas + 1)
  }

  private func fall(_ demand: DemandBasis) -> ScalingOutlook? {
    if let nextStep { return .demandStays(until: nextStep.at, replicas: nextStep.replicas) }
    guard replicas > policy.min else { return nil }
    if demand.observedSince == nil { return .readingIsExact }
    return .demandFalls(
      to: policy.demandCovered(by: replicas - 1), lasting: policy.scaleDown.idleFor, replicas: replicas - 1)
  }

  private func outlook(_ unknown: UnknownBasis) -> [ScalingOutlook] {
    var outlook: [ScalingOutlook] = [.readingSucceeds]
    if case .suspicious = unknown.cause { outlook = [.readingConfirmed] }
    guard let fallback = policy.fallback else { return outlook }
    let target = policy.bounded(fallback.replicas)
    if reachedFallback(unknown) == nil {
      if target > replicas || (target < replicas && fallback.allowLowering) {
        outlook.append(.unknownPolls(fallback.afterFailures - unknown.polls, replicas: target))
      }
    } else if target < replicas, fallback.allowLowering, let since = unknown.since {
      outlook.append(
        .unknownLasts(until: since.advanced(by: policy.scaleDown.idleFor), replicas: target))
    }
    return outlook
  }
}
