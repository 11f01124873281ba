internal import Colonies

/// Where the server's time comes from.
struct ServerClock: Sendable {
  var now: @Sendable () -> Timestamp
  /// Waits; ends early only by throwing when the task is cancelled.
  var sleep: @Sendable (Duration) async throws -> Void

  /// The system's clock.
  static let system = ServerClock(now: Timestamp.now, sleep: { try await Task.sleep(for: $0) })
}
