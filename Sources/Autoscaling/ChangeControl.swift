/// What limits a change whatever its reason: the rates of both directions, and the changes of the last hour.
public struct ChangeControl: Sendable, Hashable {
  /// The replicas to have if nothing limited the change.
  public let wanted: Int
  /// How far the number may grow now; nil when no rate limits it.
  public let growth: RateLimit?
  /// How far the number may shrink now; nil when no rate limits it.
  public let shrinking: RateLimit?
  /// The changes that are left; nil when they are not counted.
  public let budget: ChangeBudget?

  /// The limit in the direction from the current number to the wanted one.
  func limit(from current: Int) -> RateLimit? {
    wanted > current ? growth : wanted < current ? shrinking : nil
  }

  /// The replicas that the rates allow: as near to the wanted ones as can be.
  ///
  /// Coming back within the bounds is no matter of speed, and needs no rate.
  func limited(from current: Int, _ bounds: ReplicaBounds) -> Int {
    guard let limit = limit(from: current) else { return wanted }
    return wanted > current
      ? min(wanted, max(limit.replicas, bounds.min))
      : max(wanted, min(limit.replicas, bounds.max))
  }

  /// Until when the budget keeps the change from being made; nil when it does not.
  func budgetEnd(from current: Int, _ bounds: ReplicaBounds) -> ScalingInstant? {
    let limited = limited(from: current, bounds)
    return budget?.blockedUntil(limited > current ? .up : limited < current ? .down : .hold)
  }

  /// The replicas to have.
  func allowed(from current: Int, _ bounds: ReplicaBounds) -> Int {
    budgetEnd(from: current, bounds) == nil ? limited(from: current, bounds) : current
  }

  /// When more of the change is allowed; nil when no moment is known.
  func end(from current: Int, _ bounds: ReplicaBounds) -> ScalingInstant? {
    budgetEnd(from: current, bounds) ?? limit(from: current)?.until
  }

  /// Why nothing changes; nil when something does, or nothing limits it.
  func reason(from current: Int, _ bounds: ReplicaBounds) -> ScalingReason? {
    guard wanted != current, allowed(from: current, bounds) == current else { return nil }
    if budgetEnd(from: current, bounds) != nil { return .budgetUsedUp }
    return limit(from: current)?.cause == .disabled ? .directionDisabled : .rateLimited
  }
}
