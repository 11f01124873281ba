import Colonies
import Locking

@testable import AutoscalerController

/// A queue whose demand a test sets, and which remembers what its readers were told and when.
final class DemandedQueue: QueueWithoutWorkers {
  private struct State {
    var demand = 0
    var finished = 0
    var readings: [Moment<Int>] = []
  }

  private let state = Locked(State())

  init(demand: Int = 0) { set(demand) }

  /// What was read, the oldest first; only changes.
  var readings: [Moment<Int>] { state.withLock { $0.readings } }

  /// Sets how many processes wait. What is fewer than before has finished.
  func set(_ demand: Int) {
    state.withLock { state in
      state.finished += max(state.demand - demand, 0)
      state.demand = demand
    }
  }

  func counts(orderedTypes types: Set<String>) async throws -> QueueCounts {
    let now = ContinuousClock.now
    return state.withLock { state in
      if state.readings.last?.value != state.demand {
        state.readings.append(Moment(value: state.demand, at: now))
      }
      return QueueCounts(waiting: state.demand, running: 0, finished: state.finished)
    }
  }

  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
    ProcessListing(count: 0, executors: [], isComplete: true)
  }

  func serviceTimes(executorType: String) async throws -> [Duration] { [] }
}

/// A value that holds from a moment on.
struct Moment<Value: Sendable & Hashable>: Sendable, Hashable {
  let value: Value
  let at: ContinuousClock.Instant
}
