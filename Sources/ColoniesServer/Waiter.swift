internal import Colonies

/// A worker's long poll.
struct Waiter: Sendable {
  let id: UInt64
  let offer: WorkerOffer
  /// The worker's entry in the registry.
  let row: Int64
  let deadline: Timestamp
  /// Ends the poll: with a process, with nil when the time is over, or with a reason.
  let finish: @Sendable (Result<StoredProcess?, any Error>) -> Void
}

extension QueueEngine {
  /// Waits until there is a process for a worker.
  /// - Returns: nil when the deadline passes first.
  /// - Throws: `CancellationError` when the worker goes away.
  func wait(_ offer: WorkerOffer, row: Int64, until deadline: Timestamp) async throws -> StoredProcess? {
    let id = takeWaiterID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // Looked at again inside, where a cancellation that came first can be seen.
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
          return
        }
        let waiter = Waiter(id: id, offer: offer, row: row, deadline: deadline) {
          continuation.resume(with: $0)
        }
        waiters[offer.colonyID, default: []].append(waiter)
        nextWaiterDeadline = min(nextWaiterDeadline ?? deadline, deadline)
        schedule(at: deadline)
      }
    } onCancel: {
      Task { await self.cancelWaiter(id, colonyID: offer.colonyID) }
    }
  }

  /// Offers a process that has come to wait to the long polls of its colony, the oldest first.
  func offer(_ process: LiveProcess, at now: Timestamp) {
    guard let candidates = waiters[process.colonyID],
      let index = candidates.firstIndex(where: { $0.offer.mayTake(process) })
    else { return }
    let waiter = candidates[index]
    // The process has just come to wait, so there is one to take.
    guard let assigned = machine.assign(to: waiter.offer, at: now) else { return }
    removeWaiter(at: index, colonyID: process.colonyID)
    grant(assigned, finish: waiter.finish)
  }

  /// Writes an assignment down, and hands the process over when that is on disk.
  func grant(
    _ assigned: LiveProcess, finish: @escaping @Sendable (Result<StoredProcess?, any Error>) -> Void
  ) {
    enqueue([.assign(assigned)], { try $0.process(assigned) }, finish: finish)
    schedule(at: assigned.assignment?.deadline)
  }

  /// Ends the long polls whose time is over.
  func endOverdueWaiters(at now: Timestamp) {
    guard let next = nextWaiterDeadline, next <= now else { return }
    endWaiters(with: .success(nil)) { $0.deadline <= now }
    nextWaiterDeadline = waiters.values.joined().map(\.deadline).min()
  }

  /// Ends the long polls of a worker or a colony that is gone.
  func endWaiters(
    with result: Result<StoredProcess?, any Error>, where isOver: (Waiter) -> Bool
  ) {
    for (colonyID, candidates) in waiters where candidates.contains(where: isOver) {
      let remaining = candidates.filter { !isOver($0) }
      waiters[colonyID] = remaining.isEmpty ? nil : remaining
      for waiter in candidates where isOver(waiter) { waiter.finish(result) }
    }
  }

  private func cancelWaiter(_ id: UInt64, colonyID: String) {
    guard let index = waiters[colonyID]?.firstIndex(where: { $0.id == id }),
      let waiter = waiters[colonyID]?[index]
    else { return }
    removeWaiter(at: index, colonyID: colonyID)
    waiter.finish(.failure(CancellationError()))
  }

  private func removeWaiter(at index: Int, colonyID: String) {
    waiters[colonyID]?.remove(at: index)
    if waiters[colonyID]?.isEmpty == true { waiters[colonyID] = nil }
  }
}
