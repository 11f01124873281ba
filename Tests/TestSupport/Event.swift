internal import Locking

/// Something that threads report and tests wait for, with a value. The first report counts.
package final class Event<Value: Sendable>: Sendable {
  private struct State: Sendable {
    var value: Value?
    var waiters: [CheckedContinuation<Value, Never>] = []
  }

  private let state = Locked(State())

  package init() {}

  /// What was reported, if anything was.
  package var value: Value? { state.withLock { $0.value } }

  package func fire(_ value: Value) {
    let waiters = state.withLock { state -> [CheckedContinuation<Value, Never>] in
      guard state.value == nil else { return [] }
      state.value = value
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  package func wait() async -> Value {
    await withCheckedContinuation { waiter in
      let value = state.withLock { state in
        if state.value == nil { state.waiters.append(waiter) }
        return state.value
      }
      if let value { waiter.resume(returning: value) }
    }
  }
}

extension Event<Void> {
  package func fire() { fire(()) }
}
