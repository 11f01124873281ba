internal import CCurl
internal import Locking

/// How tasks talk to the loop's thread: a list of commands, and a way to wake the thread.
final class CommandQueue: Sendable {
  enum Command: Sendable {
    case start(Transfer)
    case stop(Transfer)
    /// Lets a paused transfer go on.
    case resume(Transfer)
  }

  private struct State: Sendable {
    var commands: [Command] = []
    /// Started and not yet released by the loop's thread.
    var transfers = 0
    var isStopped = false
    var hasEnded = false
    var idleWaiters: [CheckedContinuation<Void, Never>] = []
    var endWaiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Locked(State())
  /// libcurl lets any thread call `curl_multi_wakeup` while the handle exists, and nothing else is called
  /// through this copy, always under the lock and never after `isStopped`; the thread frees the handle only
  /// when it has seen `isStopped`.
  private nonisolated(unsafe) let multi: OpaquePointer

  init(waking multi: OpaquePointer) { self.multi = multi }

  // MARK: Any thread

  /// Hands an exchange to the loop, or fails it when the loop has stopped.
  func start(_ transfer: Transfer) {
    let isAccepted = state.withLock { state in
      guard !state.isStopped else { return false }
      state.transfers += 1
      append(.start(transfer), to: &state)
      return true
    }
    if !isAccepted { transfer.finish(.failure(.shutDown(transfer.request, wasSent: false))) }
  }

  func push(_ command: Command) {
    state.withLock { state in
      // What is left then is failed by the loop, so there is nothing to stop or to resume.
      if !state.isStopped { append(command, to: &state) }
    }
  }

  func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      curl_multi_wakeup(multi)
    }
  }

  var transferCount: Int { state.withLock { $0.transfers } }

  /// Whether the thread has freed what it had.
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  /// Returns when there are no transfers.
  func idle() async {
    await withCheckedContinuation { waiter in
      let isIdle = state.withLock { state in
        if state.transfers > 0 { state.idleWaiters.append(waiter) }
        return state.transfers == 0
      }
      if isIdle { waiter.resume() }
    }
  }

  /// Returns when the thread has stopped and freed what it had.
  func ended() async {
    await withCheckedContinuation { waiter in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.endWaiters.append(waiter) }
        return state.hasEnded
      }
      if hasEnded { waiter.resume() }
    }
  }

  private func append(_ command: Command, to state: inout State) {
    // The thread takes all commands at once, so the one that finds the list empty wakes it for the others.
    if state.commands.isEmpty { curl_multi_wakeup(multi) }
    state.commands.append(command)
  }

  // MARK: The loop's thread

  /// Takes the commands out. When stopped, these are the last.
  func take() -> (commands: [Command], isStopped: Bool) {
    state.withLock { state in
      defer { state.commands = [] }
      return (state.commands, state.isStopped)
    }
  }

  /// Says that libcurl has let go of a transfer.
  func release() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.transfers -= 1
      guard state.transfers == 0 else { return [] }
      defer { state.idleWaiters = [] }
      return state.idleWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Says that the thread is gone.
  func end() {
    let waiters = state.withLock { state in
      state.hasEnded = true
      defer { state.endWaiters = [] }
      return state.endWaiters
    }
    for waiter in waiters { waiter.resume() }
  }
}

extension HTTPTransportError {
  static func shutDown(_ request: PreparedRequest, wasSent: Bool) -> HTTPTransportError {
    HTTPTransportError(
      .shutDown, "\(request.summary): the transport is shut down", requestMayHaveBeenSent: wasSent)
  }
}
