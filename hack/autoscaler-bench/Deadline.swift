import TestSupport

/// Runs an operation that must not take forever.
/// - Throws: What the operation throws, or a `Failure` that names it.
func within<Value: Sendable>(
  _ limit: Duration, _ what: String, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await operation() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() ?? nil else { throw Failure("not within \(limit): \(what)") }
    return value
  }
}
