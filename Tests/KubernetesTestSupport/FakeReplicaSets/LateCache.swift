internal import KubernetesClient
internal import Locking
internal import TestSupport

/// A cache of the objects of a namespace that is as late as the caches of a cluster's controllers may be: each change
/// comes to it some time after it has come from the API server, in the same order.
final class LateCache<Object: KubernetesObject>: Sendable {
  private struct State: Sendable {
    /// By id; nil before the first list.
    var objects: [String: Object]?
    var randomness: SplitMix64
  }

  private let changes: ObjectChanges<Object>
  private let lateness: ClosedRange<Duration>
  private let state: Locked<State>

  /// - Parameter lateness: Between which times a change is late.
  init(_ changes: ObjectChanges<Object>, lateness: ClosedRange<Duration>, seed: UInt64) {
    self.changes = changes
    self.lateness = lateness
    state = Locked(State(randomness: SplitMix64(seed: seed)))
  }

  /// What is known, by id; nil before the first list.
  var objects: [String: Object]? { state.withLock { $0.objects } }

  /// Follows the objects until the task is cancelled.
  /// - Parameter changed: Is called after each change, with the objects that it is about.
  func run(_ changed: @escaping @Sendable ([Object]) async -> Void) async {
    let (late, arrival) = AsyncStream.makeStream(
      of: (due: ContinuousClock.Instant, ObjectChange<Object>).self)
    await withTaskGroup { group in
      group.addTask {
        for await change in self.changes { arrival.yield((self.due(), change)) }
        arrival.finish()
      }
      for await (due, change) in late {
        // Cancelled: so is the other task, which ends this loop.
        try? await ContinuousClock().sleep(until: due)
        await changed(apply(change))
      }
    }
  }

  private func due() -> ContinuousClock.Instant {
    let range = lateness
    let time = state.withLock { state in
      range.lowerBound + (range.upperBound - range.lowerBound)
        * Double.random(in: 0...1, using: &state.randomness)
    }
    return ContinuousClock.now + time
  }

  private func apply(_ change: ObjectChange<Object>) -> [Object] {
    state.withLock { state in
      switch change {
      case .listed(let objects):
        let old = state.objects ?? [:]
        state.objects = Dictionary(objects.map { ($0.metadata.uid ?? "", $0) }, uniquingKeysWith: { $1 })
        return objects + old.values
      case .changed(let object):
        state.objects?[object.metadata.uid ?? ""] = object
        return [object]
      case .deleted(let object):
        state.objects?[object.metadata.uid ?? ""] = nil
        return [object]
      case .unchanged, .interrupted: return []
      }
    }
  }
}
