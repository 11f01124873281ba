/// What is known of an exchange, and who waits for more. Does no I/O and takes no lock.
struct TransferState: Sendable {
  typealias Waiter = CheckedContinuation<Bool, Never>

  /// What a reader waits for. A failure ends every wait.
  enum Interest {
    case head
    /// Some bytes of the body, or its end.
    case piece
    /// The end of the body.
    case end
  }

  /// What becomes of bytes that have arrived.
  enum Reception: Equatable {
    case taken
    /// libcurl is to keep them, and to offer them again when it is told so.
    case postponed
    /// There are more than the reader wants in all.
    case exceedsLimit
    /// Nobody is interested any more.
    case refused
  }

  /// What waits to be read.
  enum Piece {
    case bytes([UInt8], isPaused: Bool)
    case end
    case failure(HTTPTransportError)
    case none
  }

  /// Whether the whole body is kept for the reader or goes through a buffer.
  enum Mode: Sendable {
    case whole(maxBytes: Int)
    case pieces(bufferBytes: Int)
  }

  private(set) var head: ResponseHead?
  private(set) var outcome: Result<Void, HTTPTransportError>?
  private let mode: Mode
  private var body: [UInt8] = []
  private var isPaused = false
  private var reader: (interest: Interest, waiter: Waiter)?

  init(_ mode: Mode) { self.mode = mode }

  // MARK: The network's side

  mutating func receive(_ head: ResponseHead) { self.head = head }

  mutating func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
    guard outcome == nil else { return .refused }
    switch mode {
    case .whole(let limit):
      guard bytes.count <= limit - body.count else { return .exceedsLimit }
    case .pieces(let limit):
      guard body.count < limit else {
        isPaused = true
        return .postponed
      }
    }
    body += bytes
    return .taken
  }

  /// Ends the exchange. Only the first end counts.
  /// - Returns: Whether it was this one.
  mutating func finish(_ outcome: Result<Void, HTTPTransportError>) -> Bool {
    guard self.outcome == nil else { return false }
    self.outcome = outcome
    return true
  }

  // MARK: The reader's side

  /// Takes what has arrived of the body. A failure comes behind the bytes that came before it.
  mutating func takePiece() -> Piece {
    if !body.isEmpty {
      defer {
        body = []
        isPaused = false
      }
      return .bytes(body, isPaused: isPaused)
    }
    switch outcome {
    case nil: return .none
    case .success: return .end
    case .failure(let error): return .failure(error)
    }
  }

  /// Ends the exchange from this side, and drops what has arrived.
  /// - Returns: Whether it was going on.
  mutating func cancel(_ error: HTTPTransportError) -> Bool {
    // The body of an exchange that ended well stays: without it, a reader would see a clean end too early.
    guard finish(.failure(error)) else { return false }
    body = []
    return true
  }

  /// Whether somebody waits already: there can be one reader only.
  var hasReader: Bool { reader != nil }

  mutating func setReader(_ interest: Interest, _ waiter: Waiter) { reader = (interest, waiter) }

  /// Takes the waiter out if it has something to do now; the caller resumes it outside of the lock.
  mutating func takeWaiter() -> Waiter? {
    guard let reader, isReady(for: reader.interest) else { return nil }
    self.reader = nil
    return reader.waiter
  }

  func isReady(for interest: Interest) -> Bool {
    if outcome != nil { return true }
    return switch interest {
    case .head: head != nil
    case .piece: !body.isEmpty
    case .end: false
    }
  }
}
