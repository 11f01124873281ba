/// A clock with its own type hidden, so that what is given one need not be generic over it.
package struct Timekeeper: Sendable {
  /// The time since the timekeeper was made.
  package let now: @Sendable () -> Duration
  /// Waits; throws `CancellationError` when the task is cancelled.
  package let sleep: @Sendable (Duration) async throws -> Void
  private let sleepUntil: @Sendable (Duration) async throws -> Void
  /// The time since the beginning of 1970, UTC, as the machine's clock shows it.
  package let wallTime: @Sendable () -> Duration

  package init<C: Clock>(
    _ clock: C, wallTime: @escaping @Sendable () -> Duration = { WallClock.now() }
  ) where C.Duration == Duration {
    let start = clock.now
    now = { start.duration(to: clock.now) }
    self.wallTime = wallTime
    sleep = { try await clock.sleep(for: $0) }
    sleepUntil = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
  }

  /// Waits until `now` shows a time, or not at all when that is over; throws `CancellationError` when the task is
  /// cancelled.
  package func sleep(until time: Duration) async throws { try await sleepUntil(time) }
}
