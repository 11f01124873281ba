/// How far the rates of one direction let the number of replicas go now.
public struct RateLimit: Sendable, Hashable {
  /// Why it is this far.
  public enum Cause: Sendable, Hashable {
    /// The direction is disabled.
    case disabled
    /// A rate, and the replicas that its period began with.
    case rate(ScalingRate, start: Int)
    /// A rate whose period began before anything was remembered, so that all of it may be used up.
    case notObserved(ScalingRate)
  }

  /// The direction, up or down.
  public let direction: Decision.Direction
  /// The number that must not be passed: the current one when nothing may change.
  public let replicas: Int
  /// Why it is this one.
  public let cause: Cause
  /// When more is allowed, given that this decision goes as far as it may; nil when no moment brings more.
  public let until: ScalingInstant?
}

extension RateLimit {
  /// The limit that a behavior sets; nil when it sets none.
  init?(
    _ direction: Decision.Direction, _ behavior: ScalingBehavior, _ changes: ChangeHistory, current: Int,
    now: ScalingInstant
  ) {
    if behavior.select == .disabled {
      self.init(direction: direction, replicas: current, cause: .disabled, until: nil)
      return
    }
    let limits = behavior.policies.map { rate in
      RateLimit(direction, rate, changes, current: current, now: now)
    }
    let isNearer: (RateLimit, RateLimit) -> Bool = {
      direction == .up ? $0.replicas < $1.replicas : $0.replicas > $1.replicas
    }
    let chosen = behavior.select == .max ? limits.max(by: isNearer) : limits.min(by: isNearer)
    guard let chosen else { return nil }
    self = chosen
  }

  private init(
    _ direction: Decision.Direction, _ rate: ScalingRate, _ changes: ChangeHistory, current: Int,
    now: ScalingInstant
  ) {
    if direction == .down, let since = changes.since, since.advanced(by: rate.period) > now {
      // Before, anything may have been taken away: what is not known takes nothing more.
      self.init(
        direction: direction, replicas: current, cause: .notObserved(rate),
        until: since.advanced(by: rate.period))
      return
    }
    let start = changes.start(direction, current: current, period: rate.period, now: now)
    let farthest =
      direction == .up ? max(rate.highest(from: start), current) : min(rate.lowest(from: start), current)
    self.init(
      direction: direction, replicas: farthest, cause: .rate(rate, start: start),
      until: changes.firstExpiry(period: rate.period, now: now) ?? now.advanced(by: rate.period))
  }
}
