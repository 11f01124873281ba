internal import Glibc
internal import Locking

/// A change that waits for its commit.
struct PendingWrite: Sendable {
  /// Writes, and returns what to do when the transaction is on disk.
  var perform: @Sendable (StoreTransaction) throws -> @Sendable () -> Void
  var fail: @Sendable (any Error) -> Void
}

/// Commits changes in the order in which they were added, as many at once as there are.
///
/// While one batch is being committed, the next collects. The thread that writes takes it as soon as it is
/// done: if it went by the engine in between, the disk would rest while the engine is busy with requests.
final class CommitQueue: Sendable {
  private struct State: Sendable {
    var pending: [PendingWrite] = []
    /// Whether somebody commits, or has failed to and not called `commit` again.
    var isBusy = false
  }

  /// About half of what bringing a commit to a fast disk takes.
  private static let gatheringMicroseconds: UInt32 = 120

  private let store: QueueStore
  private let state = Locked(State())

  init(store: QueueStore) { self.store = store }

  /// Adds a change behind the others.
  /// - Returns: Whether nobody commits. Then the caller has to call `commit`.
  func add(_ write: PendingWrite) -> Bool {
    state.withLock { state in
      state.pending.append(write)
      defer { state.isBusy = true }
      return !state.isBusy
    }
  }

  /// Commits until there is nothing left. Returns at once.
  /// - Parameter onFailure: Called with a batch that could not be committed. From then on changes only
  ///   collect, until `commit` is called again.
  func commit(onFailure: @escaping @Sendable (_ batch: [PendingWrite], any Error) -> Void) {
    store.withWriter { writer in
      var expected = 1
      while let batch = self.takeBatch(expected: expected) {
        expected = batch.count
        do {
          let replies = try writer.commit { transaction in
            try batch.map { try $0.perform(transaction) }
          }
          for reply in replies { reply() }
        } catch {
          onFailure(batch, error)
          return
        }
      }
    }
  }

  /// Takes what nobody has begun to commit.
  func takePending() -> [PendingWrite] {
    state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
  }

  /// - Parameter expected: How many changes the last batch had. Whoever waited for that one is about to send
  ///   the next: a commit takes longer than waiting for them, and one for all is cheaper than one for the
  ///   first and another for the rest.
  private func takeBatch(expected: Int) -> [PendingWrite]? {
    if state.withLock({ !$0.pending.isEmpty && $0.pending.count < expected }) {
      usleep(Self.gatheringMicroseconds)
    }
    return state.withLock { state in
      guard !state.pending.isEmpty else {
        state.isBusy = false
        return nil
      }
      defer { state.pending = [] }
      return state.pending
    }
  }
}
