extension Timekeeper {
  /// Runs an operation, which is cancelled when its time is over, and waits until it has ended.
  /// - Throws: What the operation throws, or `DeadlineError`; `CancellationError` when the task is cancelled.
  package func within<Value: Sendable>(
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
package struct DeadlineError: Error, Hashable, CustomStringConvertible {
  /// How long it was allowed to take.
  package let deadline: Duration

  package var description: String { "no answer within \(deadline)" }
}
