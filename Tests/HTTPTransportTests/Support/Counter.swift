import Locking

/// A number that threads count up and tests wait for.
final class Counter: Sendable {
  private struct State: Sendable {
    var count = 0
    var waiters: [(goal: Int, waiter: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Locked(State())

  var value: Int { state.withLock { $0.count } }

  func add(_ amount: Int = 1) {
    let reached = state.withLock { state in
      state.count += amount
      let count = state.count
      let reached = state.waiters.filter { $0.goal <= count }
      state.waiters.removeAll { $0.goal <= count }
      return reached
    }
    for (_, waiter) in reached { waiter.resume() }
  }

  /// Returns when the count is at least `goal`.
  func wait(for goal: Int) async {
    await withCheckedContinuation { waiter in
      let isReached = state.withLock { state in
        if state.count < goal { state.waiters.append((goal, waiter)) }
        return state.count >= goal
      }
      if isReached { waiter.resume() }
    }
  }
}
