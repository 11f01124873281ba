internal import Locking

/// Lets so many in at once; the others wait in the order in which they came.
final class Turnstile: Sendable {
  private struct State {
    var places: Int
    var waiters: [Latch] = []
  }

  private let state: Locked<State>

  init(places: Int) { state = Locked(State(places: places)) }

  /// Runs a body when there is a place for it. Throws `CancellationError` when the task is cancelled before.
  func pass<Value>(_ body: () async throws -> Value) async throws -> Value {
    try await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async throws {
    let latch = Latch()
    state.withLock { state in
      if state.places > 0 {
        state.places -= 1
        latch.open()
      } else {
        state.waiters.append(latch)
      }
    }
    await latch.wait()
    let isCancelled = state.withLock { state in
      guard let index = state.waiters.firstIndex(where: { $0 === latch }) else { return false }
      state.waiters.remove(at: index)
      return true
    }
    if isCancelled { throw CancellationError() }
  }

  private func leave() {
    let next = state.withLock { state -> Latch? in
      if state.waiters.isEmpty {
        state.places += 1
        return nil
      }
      return state.waiters.removeFirst()
    }
    next?.open()
  }
}
