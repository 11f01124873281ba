import Locking

/// A clock that stands still until a test moves it.
final class TestClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    let deadline: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    var cancelled: Set<Int> = []
    var nextNumber = 0
    /// Tests that wait until somebody sleeps.
    var watchers: [CheckedContinuation<Void, Never>] = []
    /// Whether sleepers are woken as soon as they sleep, with the time moved on.
    var isRunning = false
    var slept: [Duration] = []
  }

  private let state = Locked(State())

  /// - Parameter isRunning: Whether every sleep ends at once, moving the time on by its length.
  init(isRunning: Bool = false) { state.withLock { $0.isRunning = isRunning } }

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }
  /// How long everybody has slept, in order of the beginnings.
  var slept: [Duration] { state.withLock { $0.slept } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, watchers) = state.withLock {
          state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
          if state.cancelled.remove(number) != nil { return (.failure(CancellationError()), []) }
          state.slept.append(state.now.duration(to: deadline))
          if state.isRunning { state.now = max(state.now, deadline) }
          if deadline <= state.now { return (.success(()), []) }
          state.sleepers[number] = Sleeper(deadline: deadline, continuation: continuation)
          defer { state.watchers = [] }
          return (nil, state.watchers)
        }
        if let result { continuation.resume(with: result) }
        for watcher in watchers { watcher.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state -> Sleeper? in
        if let sleeper = state.sleepers.removeValue(forKey: number) { return sleeper }
        state.cancelled.insert(number)
        return nil
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves the clock and wakes who has slept enough.
  func advance(by duration: Duration) {
    let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Waits until somebody sleeps.
  /// - Returns: How long the first to wake still sleeps.
  func sleeper() async -> Duration {
    while true {
      let found = state.withLock { state in
        state.sleepers.values.map { state.now.duration(to: $0.deadline) }.min()
      }
      if let found { return found }
      await withCheckedContinuation { continuation in
        let isThere = state.withLock { state in
          if state.sleepers.isEmpty { state.watchers.append(continuation) }
          return !state.sleepers.isEmpty
        }
        if isThere { continuation.resume() }
      }
    }
  }

  /// Waits until somebody sleeps, and lets that time pass.
  @discardableResult
  func pass() async -> Duration {
    let length = await sleeper()
    advance(by: length)
    return length
  }
}
