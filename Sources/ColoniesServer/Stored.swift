internal import Locking

/// What a change returns, once it is on disk. One task may wait for it, on any executor: so a request can be
/// made ready to be answered while the disk works, and needs the engine no more afterwards.
final class Stored<Value: Sendable>: Sendable {
  private enum State: Sendable {
    case pending
    case awaited(CheckedContinuation<Value, any Error>)
    case known(Result<Value, any Error>)
  }

  private let state = Locked(State.pending)

  /// Tells what has come of the change. Called once.
  func complete(_ result: Result<Value, any Error>) {
    let waiter = state.withLock { state -> CheckedContinuation<Value, any Error>? in
      defer { state = .known(result) }
      if case .awaited(let waiter) = state { return waiter }
      return nil
    }
    waiter?.resume(with: result)
  }

  /// What the change returned.
  /// - Throws: Why it could not be stored.
  var value: Value {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        let known = state.withLock { state -> Result<Value, any Error>? in
          if case .known(let result) = state { return result }
          state = .awaited(continuation)
          return nil
        }
        if let known { continuation.resume(with: known) }
      }
    }
  }
}
