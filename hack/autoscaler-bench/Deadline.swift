import TestSupport
import Timekeeping

/// Runs an operation that must not take forever.
/// - Throws: What the operation throws, or a `Failure` that names it.
func within<Value: Sendable>(
  _ limit: Duration, _ what: String, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  do {
    return try await Timekeeper(ContinuousClock()).within(limit, operation)
  } catch is DeadlineError {
    throw Failure("not within \(limit): \(what)")
  }
}
