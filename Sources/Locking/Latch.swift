/// Something that happens once, and that any number of tasks may wait for.
package final class Latch: Sendable {
  private enum State {
    case closed(waiters: [Int: CheckedContinuation<Void, Never>], next: Int)
    case open
  }

  private let state = Locked(State.closed(waiters: [:], next: 0))

  package init() {}

  package var isOpen: Bool {
    state.withLock { state in if case .open = state { true } else { false } }
  }

  /// Lets everybody pass who waits, now and later.
  package func open() {
    let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
      guard case .closed(let waiters, _) = state else { return [] }
      state = .open
      return Array(waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the latch is open or the calling task is cancelled.
  package func wait() async {
    let number = state.withLock { state in
      guard case .closed(let waiters, let next) = state else { return 0 }
      state = .closed(waiters: waiters, next: next + 1)
      return next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        // A cancellation before this point finds no waiter, and one after it does: so it is looked for here,
        // under the lock that the cancellation handler takes.
        let mustWait = state.withLock { state in
          guard case .closed(var waiters, let next) = state, !Task.isCancelled else { return false }
          waiters[number] = waiter
          state = .closed(waiters: waiters, next: next)
          return true
        }
        if !mustWait { waiter.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard case .closed(var waiters, let next) = state else { return nil }
        let waiter = waiters.removeValue(forKey: number)
        state = .closed(waiters: waiters, next: next)
        return waiter
      }
      waiter?.resume()
    }
  }

  /// Runs an operation that is cancelled when the latch opens, until it returns.
  package func whileClosed(_ operation: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await operation() }
      group.addTask { await self.wait() }
      await group.next()
      group.cancelAll()
    }
  }
}
