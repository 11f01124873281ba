/// Something that an autoscaler does periodically.
///
/// A round begins a period after the one before it began, or as soon as that one has ended if it took longer.
public struct AutoscalerLoop: Sendable, Hashable {
  /// The time between two rounds; more than zero.
  public var period: Duration
  /// When the first round begins.
  public var offset: Duration
  /// Whether a round begins with the question for the queue's depth, whose answer it decides with.
  public var asksQueue: Bool
  /// How many times as long as the answer took the queue is left alone after it, at least; 0 unless set.
  public var patience = 0
  /// The longest time for which the queue is left alone for that; no limit unless set.
  public var longestPause: Duration?
  /// Whether a round also begins with an arrival while no replica is wanted and nothing waits (a long poll of an
  /// empty queue).
  public var beginsWithFirstArrival: Bool

  /// Creates a loop.
  public init(
    period: Duration, offset: Duration = .zero, asksQueue: Bool = true, beginsWithFirstArrival: Bool = false
  ) {
    self.period = period
    self.offset = offset
    self.asksQueue = asksQueue
    self.beginsWithFirstArrival = beginsWithFirstArrival
  }
}
