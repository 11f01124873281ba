internal import Locking

/// Something that threads report and tests wait for, with a value. The first report counts.
package final class Event<Value: Sendable>: Sendable {
  private let report = Locked<Value?>(nil)
  private let latch = Latch()

  package init() {}

  /// What was reported, if anything was.
  package var value: Value? { report.withLock { $0 } }

  package func fire(_ value: Value) {
    report.withLock { if $0 == nil { $0 = value } }
    latch.open()
  }

  /// Waits for the report, and throws `CancellationError` when the task is cancelled before there is one.
  @discardableResult
  package func wait() async throws -> Value {
    await latch.wait()
    guard let value else { throw CancellationError() }
    return value
  }
}

extension Event<Void> {
  package func fire() { fire(()) }
}
