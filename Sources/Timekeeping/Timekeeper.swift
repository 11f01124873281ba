/// A clock with its own type hidden, so that what is given one need not be generic over it.
package struct Timekeeper: Sendable {
  /// The time since the timekeeper was made.
  package let now: @Sendable () -> Duration
  /// Waits; throws `CancellationError` when the task is cancelled.
  package let sleep: @Sendable (Duration) async throws -> Void

  package init<C: Clock>(_ clock: C) where C.Duration == Duration {
    let start = clock.now
    now = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(for: $0) }
  }
}
