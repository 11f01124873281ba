/// How the demands of several queues that one target serves make one demand.
public enum QueueCombination: String, Sendable, Hashable, CaseIterable {
  /// Each process takes its own part of a replica, from whichever queue it is.
  case sum
  /// A replica serves all queues at once, so the longest one says how many are needed.
  case max

  /// One reading for several; there must be one at least.
  ///
  /// It is as old as the oldest. Bounds of both kinds make a lower bound, as that takes nothing away. Where the
  /// longest queue counts, what has finished there tells nothing of what arrives.
  func combined(_ readings: [QueueReading], isComplete: Bool) -> QueueReading {
    let longest = readings.reduce(readings[0]) { $0.demand >= $1.demand ? $0 : $1 }
    let exactness: QueueReading.Exactness =
      !isComplete || readings.contains { $0.exactness == .atLeast }
      ? .atLeast : readings.contains { $0.exactness == .atMost } ? .atMost : .exact
    let finished = readings.reduce(Int?.some(0)) { sum, reading in
      sum.flatMap { sum in reading.finished.map(sum.addingClamped) }
    }
    let observedAt = readings.reduce(longest.observedAt) { Swift.min($0, $1.observedAt) }
    let names = readings.map(\.source.name).joined(separator: "; ")
    let source = QueueSource(
      name: "the \(self == .sum ? "sum" : "longest") of \(names)", colony: longest.source.colony)
    switch self {
    case .sum:
      return QueueReading(
        waiting: readings.reduce(0) { $0.addingClamped($1.waiting) },
        running: readings.reduce(0) { $0.addingClamped($1.running) }, finished: finished,
        isFinishedShared: readings.contains(where: \.isFinishedShared), combinedAt: observedAt,
        source: source, exactness: exactness)
    case .max:
      return QueueReading(
        waiting: longest.waiting, running: longest.running, finished: finished, isFinishedShared: true,
        combinedAt: observedAt, source: source, exactness: exactness)
    }
  }
}
