/// How many processes a queue held at one moment.
public struct QueueReading: Sendable, Hashable {
  /// How the counts relate to the queue that is scaled.
  public enum Exactness: String, Sendable, Hashable, CaseIterable {
    /// The counts are those of the queue.
    case exact
    /// The queue may hold more (a list that was cut off). Enough to grow on, never to shrink on.
    case atLeast
    /// The queue may hold less (counts of a colony that several executor types share).
    case atMost
  }

  /// Processes that no executor has taken yet; 0 or more.
  public let waiting: Int
  /// Processes that executors are working on; 0 or more.
  public let running: Int
  /// Processes that ever ended in this queue, well or badly; nil when it is not known. It only ever grows
  /// on a server that keeps its data, which is what tells a drained queue from a lost one.
  public let finished: Int?
  /// Whether ``finished`` also counts processes that are not of this queue, as a colony's does where several
  /// executor types share it.
  public let isFinishedShared: Bool
  /// When the counts were true: no later than the moment the answer arrived.
  public let observedAt: ScalingInstant
  /// Where the counts come from.
  public let source: QueueSource
  /// How the counts relate to the queue that is scaled.
  public let exactness: Exactness

  /// Creates a reading; throws when a count is negative.
  public init(
    waiting: Int, running: Int, finished: Int? = nil, isFinishedShared: Bool = false,
    observedAt: ScalingInstant, source: QueueSource, exactness: Exactness = .exact
  ) throws(QueueReadingError) {
    guard waiting >= 0, running >= 0, finished ?? 0 >= 0 else {
      throw QueueReadingError(waiting: waiting, running: running, finished: finished)
    }
    self.waiting = waiting
    self.running = running
    self.finished = finished
    self.isFinishedShared = isFinishedShared
    self.observedAt = observedAt
    self.source = source
    self.exactness = exactness
  }

  /// Combines what was counted elsewhere.
  init(
    waiting: Int, running: Int, finished: Int?, isFinishedShared: Bool, combinedAt instant: ScalingInstant,
    source: QueueSource, exactness: Exactness
  ) {
    self.waiting = waiting
    self.running = running
    self.finished = finished
    self.isFinishedShared = isFinishedShared
    observedAt = instant
    self.source = source
    self.exactness = exactness
  }

  /// Waiting and running together; the largest integer when the sum is larger.
  ///
  /// Counting only the waiting ones would take workers away from the running ones.
  public var demand: Int {
    let (sum, overflow) = waiting.addingReportingOverflow(running)
    return overflow ? .max : sum
  }

  /// Processes that ever arrived in this queue; nil when the counts do not tell.
  var arrived: Int? {
    guard let finished, !isFinishedShared, exactness == .exact else { return nil }
    return demand.addingClamped(finished)
  }
}
