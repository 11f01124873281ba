internal import Locking

/// What a handler has reported and the server has not been told yet. Bounded: what does not fit is counted.
final class ProgressLog: Sendable {
  /// How many messages wait at most.
  static let countLimit = 100
  /// The longest log entry, in bytes: what servers take.
  static let entryLimit = 16 << 10

  private struct State {
    var messages: [String] = []
    var dropped = 0
    var isSending = false
    var isFinished = false
  }

  private let state = Locked(State())
  private let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation
  private let drained = Latch()

  init() { (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  func add(_ message: String) {
    state.withLock { state in
      guard !state.isFinished, state.messages.count < Self.countLimit else {
        state.dropped += 1
        return
      }
      state.messages.append(message.truncated(toBytes: Self.entryLimit))
    }
    arrival.yield()
  }

  /// Ends the log: nothing more is added.
  func finish() {
    let isDrained = state.withLock { state in
      state.isFinished = true
      return state.messages.isEmpty && !state.isSending
    }
    if isDrained { drained.open() }
    arrival.finish()
  }

  /// Waits until everything is sent or `limit` is over.
  func untilDrained(limit: @escaping @Sendable () async -> Void) async {
    guard !drained.isOpen else { return }
    await drained.whileClosed(limit)
  }

  /// Sends what arrives until the log is finished, several messages as one entry of several lines.
  /// - Parameters:
  ///   - pause: Waits between two entries, so that no handler can flood a server.
  ///   - send: Sends an entry; returns whether it need not be sent again.
  func drain(pause: () async -> Void, send: (String) async -> Bool) async {
    for await _ in arrivals {
      while let entry = next() {
        while !(await send(entry)), !Task.isCancelled { await pause() }
        let isOver = state.withLock { state in
          state.isSending = false
          return state.isFinished && state.messages.isEmpty
        }
        if isOver { drained.open() }
        guard !Task.isCancelled else { return }
        if !isOver { await pause() }
      }
    }
  }

  /// Takes as many messages as fit into one entry.
  private func next() -> String? {
    state.withLock { state in
      guard !state.messages.isEmpty else { return nil }
      var entry = state.messages.removeFirst()
      while let message = state.messages.first, entry.utf8.count + message.utf8.count < Self.entryLimit {
        entry += "\n" + state.messages.removeFirst()
      }
      if state.dropped > 0 {
        let note = "\n(\(state.dropped) more messages came too fast and were left out)"
        if entry.utf8.count + note.utf8.count <= Self.entryLimit {
          entry += note
          state.dropped = 0
        }
      }
      state.isSending = true
      return entry
    }
  }
}
