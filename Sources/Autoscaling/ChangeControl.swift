/// What limits a change whatever its reason: the rates of both directions.
public struct ChangeControl: Sendable, Hashable {
  /// The replicas to have if nothing limited the change.
  public let wanted: Int
  /// How far the number may grow now; nil when no rate limits it.
  public let growth: RateLimit?
  /// How far the number may shrink now; nil when no rate limits it.
  public let shrinking: RateLimit?

  /// The limit in the direction from the current number to the wanted one.
  func limit(from current: Int) -> RateLimit? {
    wanted > current ? growth : wanted < current ? shrinking : nil
  }

  /// The replicas to have: as near to the wanted ones as is allowed.
  ///
  /// Coming back within the bounds is no matter of speed, and needs no rate.
  func allowed(from current: Int, _ bounds: ReplicaBounds) -> Int {
    guard let limit = limit(from: current) else { return wanted }
    return wanted > current
      ? min(wanted, max(limit.replicas, bounds.min))
      : max(wanted, min(limit.replicas, bounds.max))
  }
}
