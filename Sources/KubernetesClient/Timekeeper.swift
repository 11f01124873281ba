/// A clock with its own type hidden, so that a client and what is built on it need not be generic over it.
struct Timekeeper: Sendable {
  /// The time since the timekeeper was made.
  let now: @Sendable () -> Duration
  /// Waits; throws `CancellationError` when the task is cancelled.
  let sleep: @Sendable (Duration) async throws -> Void

  init<C: Clock>(_ clock: C) where C.Duration == Duration {
    let start = clock.now
    now = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(for: $0) }
  }
}
