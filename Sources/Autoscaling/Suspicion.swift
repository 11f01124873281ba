/// Why a reading does not follow from the one before it, so that it may speak of a queue that was lost or of
/// another one.
///
/// Raw values are stable.
public enum Suspicion: String, Sendable, Hashable, CaseIterable, Codable {
  /// It was observed before the previous one: an answer that was overtaken, or a clock that was set back.
  case olderThanPrevious
  /// Another colony answered.
  case colonyChanged
  /// The server has started again since.
  case serverRestarted
  /// Fewer processes have ever finished than before.
  case countersWentBackwards
  /// More processes have left the queue than have finished.
  case processesVanished

  /// Compares two readings; nil when the second can follow the first.
  init?(from previous: QueueReading, to next: QueueReading) {
    if next.observedAt < previous.observedAt {
      self = .olderThanPrevious
    } else if let suspicion = Suspicion(from: previous.source, to: next.source) {
      self = suspicion
    } else if let before = previous.finished, let after = next.finished {
      self.init(finishedBefore: before, finishedAfter: after, previous, next)
    } else {
      return nil
    }
  }

  private init?(from previous: QueueSource, to next: QueueSource) {
    if next == previous { return nil }
    if next.colony != previous.colony {
      self = .colonyChanged
    } else if let before = previous.serverGeneration, let after = next.serverGeneration, before != after {
      self = .serverRestarted
    } else {
      return nil
    }
  }

  private init?(
    finishedBefore: Int, finishedAfter: Int, _ previous: QueueReading, _ next: QueueReading
  ) {
    if finishedAfter < finishedBefore {
      self = .countersWentBackwards
      return
    }
    // Arrivals only ever add to demand, so it can fall by no more than what has finished.
    let comparable = previous.exactness == .exact && next.exactness == .exact
    guard comparable, previous.demand - next.demand > finishedAfter - finishedBefore else { return nil }
    self = .processesVanished
  }
}
