/// Why the queue is unknown.
public enum UnknownCause: Sendable, Hashable {
  /// There was no answer yet.
  case pending
  /// The newest attempt failed.
  case failed(QueueFailure)
  /// The newest reading is older than the staleness limit.
  case stale(QueueReading)
  /// The newest reading claims to be from after now.
  case fromFuture(QueueReading)
  /// The newest reading does not follow from the last one that was trusted; a second reading that agrees with
  /// it makes it trusted.
  indirect case suspicious(Suspicion, QueueReading, previous: QueueReading)
}
