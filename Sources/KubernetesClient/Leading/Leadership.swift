internal import Locking
internal import Timekeeping

/// Whether this process may act as the leader, right now. Cheap to ask from anywhere, before every write.
///
/// It ends by itself when its time is over, even if the elector is stuck.
public final class Leadership: Sendable {
  private let heldUntil = Locked<Duration?>(nil)
  private let time: Timekeeper
  private let timing: ElectionTiming

  init(time: Timekeeper, timing: ElectionTiming) {
    self.time = time
    self.timing = timing
  }

  /// Whether this process leads at this moment.
  public var isHeld: Bool { remaining != nil }

  /// How long leadership lasts at least, unless it is renewed; nil when this process does not lead.
  public var remaining: Duration? {
    guard let end = heldUntil.withLock({ $0 }) else { return nil }
    let rest = end - time.now()
    return rest > .zero ? rest : nil
  }

  /// The longest that a write which is sent now may take, so that it is over before another can lead; nil when
  /// this process does not lead.
  public var writeDeadline: Duration? { remaining.map { $0 + timing.duration - timing.renewDeadline } }

  func set(_ end: Duration?) { heldUntil.withLock { $0 = end } }
}
