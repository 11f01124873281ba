import KubernetesClient
import KubernetesTestSupport
import Locking
import TestSupport
import Timekeeping

@testable import AutoscalerController

/// The replicas of a Deployment over time, as the API server itself tells them.
final class ReplicaRecord: Sendable {
  private struct State {
    var moments: [Moment<Int>] = []
    var waiters: [(isExpected: @Sendable ([Int]) -> Bool, latch: Latch)] = []
  }

  private let state = Locked(State())

  /// What the replicas were, the oldest first; only changes.
  var moments: [Moment<Int>] { state.withLock { $0.moments } }

  /// Follows a Deployment until the task is cancelled.
  func follow(_ name: String, in namespace: String, of server: APIServer) async {
    let changes = ObjectChanges(Deployment.self, .object(name, in: namespace), client: server.client)
    for await change in changes {
      switch change {
      case .listed(let found): for deployment in found { take(deployment.replicas) }
      case .changed(let deployment): take(deployment.replicas)
      case .deleted, .unchanged, .interrupted: break
      }
    }
  }

  private func take(_ replicas: Int) {
    let due = state.withLock { state -> [Latch] in
      guard state.moments.last?.value != replicas else { return [] }
      state.moments.append(Moment(value: replicas, at: .now))
      let all = state.moments.map(\.value)
      let due = state.waiters.filter { $0.isExpected(all) }.map(\.latch)
      state.waiters.removeAll { $0.isExpected(all) }
      return due
    }
    for latch in due { latch.open() }
  }

  /// Returns when the replicas are these.
  /// - Returns: Since when they have been so.
  @discardableResult
  func wait(for replicas: Int, within limit: Duration) async throws -> ContinuousClock.Instant {
    try await wait(within: limit) { $0.last == replicas }
    guard let last = moments.last(where: { $0.value == replicas }) else { throw Failure("nothing recorded") }
    return last.at
  }

  /// Returns when the replicas, with all that they were before, are as described.
  func wait(within limit: Duration, for isExpected: @escaping @Sendable ([Int]) -> Bool) async throws {
    let latch = Latch()
    state.withLock { state in
      if isExpected(state.moments.map(\.value)) {
        latch.open()
      } else {
        state.waiters.append((isExpected, latch))
      }
    }
    do {
      try await Timekeeper(ContinuousClock()).within(limit) { await latch.wait() }
    } catch {
      throw Failure("after \(limit) the replicas have been \(moments.map(\.value))")
    }
  }
}
