internal import Locking

/// One exchange, as the loop's thread and the reader's task share it.
final class Transfer: Sendable {
  let request: PreparedRequest
  private let queue: CommandQueue
  private let state: Locked<TransferState>

  init(_ request: PreparedRequest, queue: CommandQueue) {
    self.request = request
    self.queue = queue
    state = Locked(TransferState(request.mode))
  }

  // MARK: The network's side

  var isFinished: Bool { state.withLock { $0.outcome != nil } }

  func receive(_ head: ResponseHead) { change { $0.receive(head) } }

  func receive(_ bytes: UnsafeRawBufferPointer) -> TransferState.Reception {
    change { $0.receive(bytes) }
  }

  func finish(_ outcome: Result<Void, HTTPTransportError>) { _ = change { $0.finish(outcome) } }

  // MARK: The reader's side

  /// Ends the exchange because its reader is not interested any more. Does nothing when it is over.
  func cancel() {
    let error = HTTPTransportError(.cancelled, "\(request.summary): cancelled")
    if change({ $0.cancel(error) }) { queue.push(.stop(self)) }
  }

  /// Starts the exchange and waits for its head.
  func start() async throws(HTTPTransportError) -> ResponseHead {
    try await wait(for: .head) { queue.start(self) }
    let (head, outcome) = state.withLock { ($0.head, $0.outcome) }
    if let head, outcome?.error?.code != .cancelled { return head }
    throw outcome?.error ?? endedWithoutHead
  }

  /// Starts the exchange and waits for its end.
  func run() async throws(HTTPTransportError) -> HTTPResponse {
    try await wait(for: .end) { queue.start(self) }
    let (head, piece, outcome) = state.withLock { ($0.head, $0.takePiece(), $0.outcome) }
    if let error = outcome?.error { throw error }
    guard let head else { throw endedWithoutHead }
    let body: [UInt8] = if case .bytes(let bytes, _) = piece { bytes } else { [] }
    return HTTPResponse(status: head.status, version: head.version, headers: head.headers, body: body)
  }

  /// Waits for more of the body. Returns nil behind its end.
  func nextPiece() async throws(HTTPTransportError) -> [UInt8]? {
    if Task.isCancelled { cancel() }
    while true {
      switch state.withLock({ $0.takePiece() }) {
      case .bytes(let bytes, let isPaused):
        if isPaused { queue.push(.resume(self)) }
        return bytes
      case .end: return nil
      case .failure(let error): throw error
      case .none: try await wait(for: .piece)
      }
    }
  }

  private func wait(
    for interest: TransferState.Interest, starting: () -> Void = {}
  ) async throws(HTTPTransportError) {
    let isAlone = await withTaskCancellationHandler {
      await withCheckedContinuation { (waiter: TransferState.Waiter) in
        let isAlone = state.withLock { state in
          guard !state.hasReader else { return false }
          state.setReader(interest, waiter)
          return true
        }
        guard isAlone else { return waiter.resume(returning: false) }
        starting()
        // It may be there already.
        change { _ in }
      }
    } onCancel: {
      cancel()
    }
    if !isAlone {
      throw HTTPTransportError(.invalidRequest, "\(request.summary): the body is read by two tasks at once")
    }
  }

  private var endedWithoutHead: HTTPTransportError {
    HTTPTransportError(.invalidResponse, "\(request.summary): the answer has no head")
  }

  /// Changes the state, then wakes the reader if that gave it something to do. Readers are resumed outside of
  /// the lock, because they may go on at once.
  private func change<Result: Sendable>(_ body: (inout TransferState) -> Result) -> Result {
    let (result, waiter) = state.withLock { state in
      let result = body(&state)
      return (result, state.takeWaiter())
    }
    waiter?.resume(returning: true)
    return result
  }
}

extension Result {
  fileprivate var error: Failure? { if case .failure(let error) = self { error } else { nil } }
}
