internal import Autoscaling
internal import Timekeeping

extension Timekeeper {
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
