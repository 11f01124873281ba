extension ScaleInObstacle {
  /// The obstacle in words.
  /// - Parameter now: What times are counted from.
  public func text(at now: ScalingInstant) -> String {
    switch self {
    case .unknown(let part): "the \(part.rawValue) \(part == .target ? "is" : "are") not known"
    case .workersBusy(let count): "\(Self.workers(count)) busy"
    case .workersUnknown(let count): "\(Self.workers(count)) not known to be idle"
    case .starting(let count): "\(Self.workers(count)) about to register"
    case .rollout(let replicaSets): "a rollout, with pods of \(replicaSets) ReplicaSets"
    case .cordoning(let count): "\(Self.workers(count)) asked to take no more work"
    case .settling(nil): "deletion costs not seen yet"
    case .settling(let until?): "deletion costs to be seen by the cluster, \(Self.time(until, now))"
    case .removing(let count, let since):
      "\(Self.pods(count)) still to be deleted, for \(since.duration(to: now).spelledOut)"
    case .changePending(let until): "not known whether the replicas were changed, \(Self.time(until, now))"
    case .unmappedWorkers(let count):
      "not known which workers \(Self.pods(count)) \(count == 1 ? "has" : "have"): only when all are idle, or "
        + "their grace period is longer than the longest process"
    case .notCordonable(let count): "\(Self.workers(count)) idle, and not to be kept from taking work"
    case .notReady(let pod): "\(pod) is not ready and would go first"
    case .foreignCost(let pod): "\(pod) has the lowest deletion cost from somebody else"
    case .retrying(let at): "trying again \(Self.time(at, now))"
    }
  }

  private static func workers(_ count: Int) -> String { count == 1 ? "1 worker is" : "\(count) workers are" }

  private static func pods(_ count: Int) -> String { count == 1 ? "1 pod" : "\(count) pods" }

  private static func time(_ moment: ScalingInstant, _ now: ScalingInstant) -> String {
    moment <= now ? "now" : "in \(now.duration(to: moment).spelledOut)"
  }
}

extension ScaleInFinding {
  /// A stable name for metrics and JSON.
  public var code: String {
    switch self {
    case .removed: "removed"
    case .removedInstead(_, wasBusy: false?): "removedIdleInstead"
    case .removedInstead(_, wasBusy: true?): "removedBusyInstead"
    case .removedInstead(_, wasBusy: nil): "removedUnknownInstead"
    case .survived: "survived"
    case .didNotDrain: "didNotDrain"
    case .tookWork: "tookWork"
    }
  }

  /// The finding in words.
  public var text: String {
    switch self {
    case .removed(let pod): "\(pod) goes, as chosen"
    case .removedInstead(let pod, wasBusy: false?): "\(pod) goes, which was not chosen; it was idle"
    case .removedInstead(let pod, wasBusy: true?): "\(pod) goes, which was not chosen and was busy"
    case .removedInstead(let pod, wasBusy: nil): "\(pod) goes, which was not chosen; it may have been busy"
    case .survived(let pod): "\(pod) stays, though it was chosen, and works again"
    case .didNotDrain(let worker): "\(worker) does not hold drain orders"
    case .tookWork(let worker): "\(worker) took work before it was out of service, and is spared"
    }
  }

  /// Whether somebody should look at it.
  public var isWorrying: Bool {
    switch self {
    case .removedInstead(_, wasBusy: false?): false
    case .removedInstead, .didNotDrain: true
    case .removed, .survived, .tookWork: false
    }
  }
}
