internal import TestSupport
internal import UnixSignals

/// Runs a body, which is cancelled when somebody wants the program to end (SIGINT, SIGTERM).
/// - Throws: What the body throws, or a `Failure` when it was interrupted, once it has ended what it started.
package func interruptibly<Value: Sendable>(
  _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await body() }
    group.addTask {
      let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
      for await _ in signals { return nil }
      // Cancelled, as the body has ended.
      return nil
    }
    let first = try await group.next() ?? nil
    group.cancelAll()
    if let first { return first }
    // Let the body end what it started.
    while let rest = try await group.next() { if let rest { return rest } }
    throw Failure("interrupted")
  }
}
