/// Something that kept a decision from following demand.
public enum ScalingLimit: Sendable, Hashable {
  /// An objective is not reached, whatever the replicas.
  case objectiveOutOfReach(ObjectiveNeed)
  /// An objective is not reached with the most replicas there may be.
  case objectiveNeedsMore(ObjectiveNeed, maximum: Int)
  /// An objective is reckoned without something that is not known.
  case measurementMissing(MissingMeasurement)
  /// One of several queues, counted from 1, is unknown, so that there may be any number more.
  case queueUnknown(Int, UnknownBasis)
  /// Some of the current replicas cannot start, so that no more are asked for; otherwise there would be this many.
  case capacityShort(CapacityShortage, otherwise: Int)
  /// Demand needs fewer replicas than the minimum.
  case minimum(Int)
  /// Demand needs more replicas than the maximum.
  case maximum(Int)
  /// Demand needs fewer replicas than the minimum that a schedule sets; `until` is when it ends.
  case scheduledMinimum(Int, ScalingSchedule, until: ScalingInstant?)
  /// Demand needs more replicas than the maximum that a schedule sets; `until` is when it ends.
  case scheduledMaximum(Int, ScalingSchedule, until: ScalingInstant?)
  /// The current replicas are outside the bounds and cannot be brought inside yet.
  case outsideBounds(current: Int)
  /// Within the keep-alive window more were needed; `until` is when the next step down is due.
  case keepAlive(highest: Int, until: ScalingInstant?)
  /// Part of the keep-alive window was not observed; `until` is when it will be.
  case windowNotObserved(since: ScalingInstant, until: ScalingInstant)
  /// Demand is `ratio` of what the replicas are for, too near to change anything.
  case withinTolerance(ratio: Double, tolerance: Double)
  /// Within the stabilization window of growing fewer were needed; `until` is when the next step up is due.
  case stabilizing(lowest: Int, until: ScalingInstant?)
  /// The rates of change allow no more now; without them this many replicas would be wanted.
  case rate(RateLimit, wanted: Int)
  /// The changes of an hour are used up, or may be; otherwise there would be this many replicas.
  case budget(ChangeBudget, otherwise: Int, until: ScalingInstant)
  /// The reading says only how much demand there is at least.
  case demandIsLowerBound
  /// A measurement is missing, so that the objectives may take any number more.
  case loadIsLowerBound
  /// The queue is unknown, and unknown takes nothing away.
  case unknown
  /// The queue stayed unknown, and the fallback applies.
  case fallback(replicas: Int, polls: Int)
  /// The fallback is lower; `until` is when it may lower, nil when it may not.
  case fallbackMayNotLower(replicas: Int, until: ScalingInstant?)
  /// Workers are being taken away, and that is not over yet.
  case scaleIn(ScaleInWait)
  /// A person paused the scaler, or another autoscaler scales the target.
  case paused(ScalingPause)

  /// A stable name for logs and JSON.
  public var code: String {
    switch self {
    case .objectiveOutOfReach: "objectiveOutOfReach"
    case .objectiveNeedsMore: "objectiveNeedsMore"
    case .measurementMissing(let missing): missing.code
    case .queueUnknown: "queueUnknown"
    case .capacityShort: "capacityShort"
    case .minimum: "minimum"
    case .maximum: "maximum"
    case .scheduledMinimum: "scheduledMinimum"
    case .scheduledMaximum: "scheduledMaximum"
    case .outsideBounds: "outsideBounds"
    case .keepAlive: "keepAlive"
    case .windowNotObserved: "windowNotObserved"
    case .withinTolerance: "withinTolerance"
    case .stabilizing: "stabilizing"
    case .rate(let limit, _): limit.direction == .up ? "scaleUpPolicies" : "scaleDownPolicies"
    case .budget: "maxChangesPerHour"
    case .demandIsLowerBound: "demandIsLowerBound"
    case .loadIsLowerBound: "loadIsLowerBound"
    case .unknown: "unknown"
    case .fallback: "fallback"
    case .fallbackMayNotLower: "fallbackMayNotLower"
    case .scaleIn: "scaleIn"
    case .paused(let pause):
      switch pause.kind {
      case .person: "paused"
      case .otherAutoscaler: "ownedByOther"
      }
    }
  }

  /// Until when the limit applies if nothing else changes; nil when no moment ends it.
  public var until: ScalingInstant? {
    switch self {
    case .keepAlive(_, let until), .stabilizing(_, let until), .fallbackMayNotLower(_, let until): until
    case .scheduledMinimum(_, _, let until), .scheduledMaximum(_, _, let until): until
    case .rate(let limit, _): limit.until
    case .budget(_, _, let until): until
    case .windowNotObserved(_, let until): until
    case .measurementMissing(.arrivalsPending(let until)): until
    default: nil
    }
  }
}
