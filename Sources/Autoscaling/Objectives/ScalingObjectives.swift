/// What a queue's processes are promised, besides a number of replicas for them.
public enum ScalingObjective: String, Sendable, Hashable, CaseIterable {
  /// What waits and runs now has finished within the time, whatever arrives meanwhile.
  case drainWithin
  /// What waits now, and ``QueueStaffing/confidence`` of what arrives, begins within the time.
  case startWithin
}

/// The objectives of a scaler. Each asks for as many replicas as it takes; the number that demand needs by itself
/// is the least there will be.
public struct ScalingObjectives: Sendable, Hashable {
  /// The time of ``ScalingObjective/drainWithin``; 1 second to 24 hours, nil for no such objective.
  public let drainWithin: Duration?
  /// The time of ``ScalingObjective/startWithin``; 1 second to 24 hours, nil for no such objective.
  public let startWithin: Duration?

  /// How many processes a replica works on at once; 1 to 1,000.
  public let concurrency: Int

  /// The range of both times.
  public static let range: ClosedRange<Duration> = .seconds(1) ... .seconds(86_400)

  /// The range of ``concurrency``.
  public static let concurrencyRange = 1...1_000

  /// Creates objectives; the values are checked by the ``ScalingPolicy`` that takes them.
  public init(drainWithin: Duration? = nil, startWithin: Duration? = nil, concurrency: Int = 1) {
    self.drainWithin = drainWithin
    self.startWithin = startWithin
    self.concurrency = concurrency
  }

  /// Whether there is none.
  public var isEmpty: Bool { drainWithin == nil && startWithin == nil }

  /// The objectives there are, with their times.
  var all: [(objective: ScalingObjective, within: Duration)] {
    let drain = drainWithin.map { (objective: ScalingObjective.drainWithin, within: $0) }
    let start = startWithin.map { (objective: ScalingObjective.startWithin, within: $0) }
    return [drain, start].compactMap { $0 }
  }
}
