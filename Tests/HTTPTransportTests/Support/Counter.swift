import Locking

/// A number that threads count up and tests wait for.
final class Counter: Sendable {
  private struct State: Sendable {
    var count = 0
    var waiters: [(goal: Int, latch: Latch)] = []
  }

  private let state = Locked(State())

  var value: Int { state.withLock { $0.count } }

  func add() {
    let reached = state.withLock { state in
      state.count += 1
      let count = state.count
      let reached = state.waiters.filter { $0.goal <= count }
      state.waiters.removeAll { $0.goal <= count }
      return reached
    }
    for (_, latch) in reached { latch.open() }
  }

  /// Returns when the count is at least `goal`, and throws `CancellationError` when the task is cancelled before.
  func wait(for goal: Int) async throws {
    let latch = Latch()
    let isReached = state.withLock { state in
      if state.count < goal { state.waiters.append((goal, latch)) }
      return state.count >= goal
    }
    if isReached { return }
    await latch.wait()
    guard latch.isOpen else { throw CancellationError() }
  }
}
