internal import Locking

/// An end of a handler's work that comes from outside it. The first one counts.
final class Interruption: Sendable {
  private let outcome = Locked<Worker.Outcome?>(nil)
  private let latch = Latch()

  /// Has the worker stop waiting for the handler and take this as the work's outcome.
  func interrupt(_ outcome: Worker.Outcome) {
    self.outcome.withLock { if $0 == nil { $0 = outcome } }
    latch.open()
  }

  /// Runs an operation that is cancelled by an interruption, until it returns.
  func whileNone(_ operation: @escaping @Sendable () async -> Void) async {
    await latch.whileClosed(operation)
  }

  /// Waits for an interruption; nil when the calling task is cancelled before there is one.
  func wait() async -> Worker.Outcome? {
    await latch.wait()
    return outcome.withLock { $0 }
  }
}
