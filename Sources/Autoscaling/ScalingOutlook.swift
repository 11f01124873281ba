/// Something that would lead to another decision.
public enum ScalingOutlook: Sendable, Hashable {
  /// Demand rises to this number; `waiting` is the number of waiting processes that makes it so while as many
  /// are running as now.
  case demandRises(to: Int, waiting: Int, replicas: Int)
  /// Demand rises to this number and stays there for this long.
  case demandRisesFor(to: Int, lasting: Duration, replicas: Int)
  /// Demand stays as it is until then.
  case demandStays(until: ScalingInstant, replicas: Int)
  /// Demand falls to this number and stays there for this long.
  case demandFalls(to: Int, lasting: Duration, replicas: Int)
  /// Someone raises the maximum: demand needs this many.
  case maximumRaised(needed: Int)
  /// What is wanted now can start.
  case capacityReturns(replicas: Int)
  /// The queue can be read again.
  case readingSucceeds
  /// A second reading agrees with the suspicious one.
  case readingConfirmed
  /// A reading counts the queue exactly.
  case readingIsExact
  /// What the objectives need is measured.
  case measured
  /// This many more polls leave the queue unknown.
  case unknownPolls(Int, replicas: Int)
  /// The queue stays unknown until then.
  case unknownLasts(until: ScalingInstant, replicas: Int)
  /// As many workers are idle and have been taken away.
  case workersTakenAway(replicas: Int)
  /// The pause ends.
  case resumed(replicas: Int)

  /// A stable name for logs and JSON.
  public var code: String {
    switch self {
    case .demandRises: "demandRises"
    case .demandRisesFor: "demandRisesFor"
    case .demandStays: "demandStays"
    case .demandFalls: "demandFalls"
    case .maximumRaised: "maximumRaised"
    case .capacityReturns: "capacityReturns"
    case .readingSucceeds: "readingSucceeds"
    case .readingConfirmed: "readingConfirmed"
    case .readingIsExact: "readingIsExact"
    case .measured: "measured"
    case .unknownPolls: "unknownPolls"
    case .unknownLasts: "unknownLasts"
    case .workersTakenAway: "workersTakenAway"
    case .resumed: "resumed"
    }
  }

  /// The replicas it would lead to; nil when that depends on more.
  public var replicas: Int? {
    switch self {
    case .demandRises(_, _, let replicas), .demandRisesFor(_, _, let replicas), .demandStays(_, let replicas),
      .demandFalls(_, _, let replicas),
      .capacityReturns(let replicas), .unknownPolls(_, let replicas), .unknownLasts(_, let replicas),
      .workersTakenAway(let replicas), .resumed(let replicas):
      replicas
    case .maximumRaised, .readingSucceeds, .readingConfirmed, .readingIsExact, .measured: nil
    }
  }
}
