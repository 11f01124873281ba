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
    /// How many changes the last batch had.
    var lastCount = 1
  }

  /// A fifth of what bringing a commit to a fast disk takes.
  private static let gatheringMicroseconds: UInt32 = 60
  /// How often a batch waits for so long at most.
  private static let gatheringSteps = 4

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
      while let batch = self.takeBatch() {
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

  /// Takes the next batch, or ends the commits when there is none.
  ///
  /// Whoever waited for the last batch is about to send the next change: a commit takes longer than waiting for
  /// them, and one for all is cheaper than one for the first and another for the rest. So it waits a little
  /// while changes keep coming, until there are as many as the last time.
  private func takeBatch() -> [PendingWrite]? {
    var seen = 0
    for _ in 0..<Self.gatheringSteps {
      let (count, expected) = state.withLock { ($0.pending.count, $0.lastCount) }
      guard count > seen, count < expected else { break }
      seen = count
      usleep(Self.gatheringMicroseconds)
    }
    return state.withLock { state in
      guard !state.pending.isEmpty else {
        state.isBusy = false
        return nil
      }
      defer { state.pending = [] }
      state.lastCount = state.pending.count
      return state.pending
    }
  }
}
