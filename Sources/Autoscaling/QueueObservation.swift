/// What is known about a queue: a reading, a failure, or nothing yet. Unknown is never zero.
public enum QueueObservation: Sendable, Hashable {
  /// The queue was not asked yet, or the first answer is still on its way.
  case pending
  /// The newest answer. Whether it is too old is decided where it is used.
  case reading(QueueReading)
  /// The newest attempt failed.
  case failure(QueueFailure)
}
