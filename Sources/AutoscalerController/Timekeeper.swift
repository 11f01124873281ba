internal import Autoscaling

/// A clock with its own type hidden, whose moments are those of scaling decisions.
struct Timekeeper: Sendable {
  /// The present, counted from when the timekeeper was made.
  let now: @Sendable () -> ScalingInstant
  /// Waits; throws `CancellationError` when the task is cancelled.
  let sleep: @Sendable (Duration) async throws -> Void

  init<C: Clock>(_ clock: C) where C.Duration == Duration {
    let start = clock.now
    now = { ScalingInstant(offset: start.duration(to: clock.now)) }
    sleep = { try await clock.sleep(for: $0) }
  }

  /// Runs an operation, which is cancelled when its time is over.
  /// - Throws: What the operation throws, or `DeadlineError`.
  func within<Value: Sendable>(
    _ deadline: Duration, _ operation: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await operation() }
      group.addTask {
        try await sleep(deadline)
        return nil
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() ?? nil else { throw DeadlineError(deadline: deadline) }
      return value
    }
  }
}

/// An operation took too long.
struct DeadlineError: Error, Hashable, CustomStringConvertible {
  let deadline: Duration

  var description: String { "no answer within \(deadline.spelledOut)" }
}
