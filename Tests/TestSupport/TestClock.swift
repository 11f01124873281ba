internal import Locking

/// A clock that stands still until a test moves it.
package final class TestClock: Clock {
  package struct Instant: InstantProtocol {
    package var offset: Duration
    package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    package func duration(to other: Instant) -> Duration { other.offset - offset }
    package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
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
    /// Tests that wait until somebody sleeps as they want, and look again when that may be so.
    var watchers: [(range: ClosedRange<Duration>, latch: Latch)] = []
    /// Whether nobody sleeps really: the time moves on at once.
    var isRunning = false
    var slept: [Duration] = []
  }

  private let state = Locked(State())

  /// Makes a clock that shows zero.
  /// - Parameter isRunning: Whether every sleep ends at once, moving the time on by its length.
  package init(isRunning: Bool = false) { state.withLock { $0.isRunning = isRunning } }

  package var now: Instant { state.withLock { $0.now } }
  package var minimumResolution: Duration { .nanoseconds(1) }
  /// How long everybody has slept or sleeps, in order of the beginnings.
  package var slept: [Duration] { state.withLock { $0.slept } }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (result, watchers) = state.withLock { state -> (Result<Void, any Error>?, [Latch]) in
          if state.cancelled.remove(number) != nil { return (.failure(CancellationError()), []) }
          state.slept.append(state.now.duration(to: deadline))
          if state.isRunning { state.now = max(state.now, deadline) }
          if deadline <= state.now { return (.success(()), []) }
          state.sleepers[number] = Sleeper(deadline: deadline, continuation: continuation)
          let length = state.now.duration(to: deadline)
          let due = state.watchers.filter { $0.range.contains(length) }
          state.watchers.removeAll { $0.range.contains(length) }
          return (nil, due.map(\.latch))
        }
        if let result { continuation.resume(with: result) }
        for watcher in watchers { watcher.open() }
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
  package func advance(by duration: Duration) {
    let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Whatever time anybody sleeps.
  package static let anyTime = Duration.zero ... .seconds(Int64.max)

  /// Waits until so many sleep for a time in the range, and returns how long the first to wake still sleeps.
  @discardableResult
  package func sleep(
    in range: ClosedRange<Duration> = anyTime, count: Int = 1
  ) async throws -> Duration {
    while true {
      let latch = Latch()
      let found = state.withLock { state -> Duration? in
        let lengths = state.sleepers.values.map { state.now.duration(to: $0.deadline) }.filter(range.contains)
        if lengths.count >= count { return lengths.min() }
        state.watchers.append((range, latch))
        return nil
      }
      if let found { return found }
      await latch.wait()
      try Task.checkCancellation()
    }
  }

  /// Waits until somebody sleeps for a time in the range, and lets that time pass.
  @discardableResult
  package func pass(_ range: ClosedRange<Duration> = anyTime) async throws -> Duration {
    let length = try await sleep(in: range)
    advance(by: length)
    return length
  }

  /// Runs an operation, and meanwhile lets the time pass of everybody who sleeps for a time in the range. No time passes
  /// any more when it returns.
  package func pass<Value>(
    _ range: ClosedRange<Duration> = anyTime, while operation: () async throws -> Value
  ) async rethrows -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { while !Task.isCancelled { try await self.pass(range) } }
      defer { group.cancelAll() }
      return try await operation()
    }
  }
}
