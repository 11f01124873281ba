import Colonies
import ColoniesClient
import TestSupport

/// A worker as the queue sees one: registers under a name, takes a process at a time, holds drain orders, and ends
/// work when the test says so.
actor SimulatedWorker {
  nonisolated let name: String
  nonisolated let key = PrivateKey()
  private let served: ServedColony
  /// The work it holds.
  private(set) var work: String?
  /// When it last took work.
  private(set) var took: ContinuousClock.Instant?
  private(set) var taken = 0
  private var isDead = false

  init(_ name: String, _ served: ServedColony) {
    self.name = name
    self.served = served
  }

  /// Registers, and no more: it never asks for work.
  func register() async throws {
    let colony = served.colony
    _ = try await served.client.addExecutor(
      Executor(
        id: key.id, type: TestColony.workerType, name: name, colonyID: colony.reference.id,
        colonyName: colony.reference.name), key: colony.key)
    try await served.client.approveExecutor(
      ExecutorReference(id: key.id, name: name, colony: colony.reference), key: colony.key)
  }

  /// Registers, and takes processes until cancelled or unregistered.
  func run() async throws {
    let colony = served.colony
    let client = served.client
    try await register()
    while !Task.isCancelled, !isDead {
      do throws(ColoniesError) {
        let process = try await client.assign(colony: colony.reference, timeout: 1, key: key)
        try await handle(process)
      } catch {
        switch error.code {
        case .queueEmpty, .deadlineExceeded: continue
        // Rejected, or unregistered: the test knows.
        case .denied: try await ContinuousClock().sleep(for: .milliseconds(100))
        default: throw error
        }
      }
    }
  }

  private func handle(_ process: Process) async throws(ColoniesError) {
    guard !DrainOrder.isDrain(process) else { return try await hold(process) }
    work = process.id
    took = .now
    taken += 1
    while work != nil, !Task.isCancelled {
      // Ends early only by cancellation.
      try? await ContinuousClock().sleep(for: .milliseconds(20))
    }
  }

  private func hold(_ order: Process) async throws(ColoniesError) {
    while !Task.isCancelled, !isDead {
      let now = try await served.client.process(id: order.id, key: key)
      guard now.state == .running, now.assignedExecutorID == key.id else { return }
      // Ends early only by cancellation.
      try? await ContinuousClock().sleep(for: .milliseconds(50))
    }
  }

  /// Is not heard of any more, as if its container had been killed.
  func die() { isDead = true }

  /// Ends the work it holds well.
  func finish() async throws {
    guard let held = work else { return }
    try await served.client.closeSuccessful(id: held, key: key)
    work = nil
  }

  /// Ends its registration, as a worker does that is asked to stop.
  func unregister() async throws {
    try await served.client.removeExecutor(
      ExecutorReference(id: key.id, name: name, colony: served.colony.reference), key: served.colony.key)
  }
}
