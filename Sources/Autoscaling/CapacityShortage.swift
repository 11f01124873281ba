/// Why replicas that are wanted already cannot start, so that wanting more only makes more that cannot.
public struct CapacityShortage: Sendable, Hashable {
  /// What is short.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// No node has room for pods that wait for one.
    case unschedulable
    /// The namespace's quota leaves no room for more pods.
    case quota
  }

  /// What is short.
  public let kind: Kind
  /// What the cluster says about it, in a few words for people.
  public let cause: String

  /// Creates a shortage.
  public init(_ kind: Kind, cause: String) {
    self.kind = kind
    self.cause = cause
  }
}

/// What a shortage keeps a scaler from.
public struct CapacityCap: Sendable, Hashable {
  /// The shortage. The cap holds as long as the cluster reports it: pods that wait are tried again by the cluster
  /// itself, and once they run, or are wanted no more, the report is gone and the cap with it.
  public let shortage: CapacityShortage
  /// The bounds without it.
  public let bounds: ReplicaBounds
}

extension ReplicaBounds {
  /// The bounds with no more than the current replicas. None at all cannot be short of room: there is always a
  /// beginning.
  func capped(at current: Int) -> ReplicaBounds {
    guard current > 0, current < max else { return self }
    return ReplicaBounds(min: Swift.min(min, current), max: current)
  }
}
