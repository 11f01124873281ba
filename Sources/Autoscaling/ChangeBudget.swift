/// How many changes a scaler may make in any hour, and how many it has made.
public struct ChangeBudget: Sendable, Hashable {
  /// The changes allowed in an hour, each counted as one whatever its size.
  public let perHour: Int
  /// The changes of the last hour that are known.
  public let made: Int
  /// When one more is allowed; nil when one is.
  public let until: ScalingInstant?
  /// When the hour has been observed whole; nil when it has. Until then nothing shrinks: before, any number of
  /// changes may have been made.
  public let observedAt: ScalingInstant?
  /// Whether work waits while there is no replica at all. Growth needs no budget then: what is saved by
  /// changing less is not worth that work never begins. It can happen once at most while the budget is used up,
  /// as shrinking to nothing needs a budget again.
  public let isExempt: Bool

  /// The hour, which ends with the decision.
  public static let period: Duration = .seconds(3_600)
  /// The range of ``perHour``.
  public static let range = 1...1_000

  /// Until when no change is made in this direction; nil when one may be made.
  func blockedUntil(_ direction: Decision.Direction) -> ScalingInstant? {
    switch direction {
    case .hold: nil
    case .up: isExempt ? nil : until
    case .down: until.map { max($0, observedAt ?? $0) } ?? observedAt
    }
  }
}

extension ChangeBudget {
  /// - Parameter isExempt: Whether work waits while there is no replica at all.
  init(perHour: Int, _ changes: ChangeHistory, isExempt: Bool, now: ScalingInstant) {
    self.perHour = perHour
    self.isExempt = isExempt
    let hour = Self.period
    made = changes.count(within: hour, now: now)
    until = made < perHour ? nil : changes.expiry(of: made - perHour + 1, within: hour, now: now)
    let whole = changes.since.map { $0.advanced(by: hour) }
    observedAt = whole.flatMap { $0 > now ? $0 : nil }
  }
}
