/// What comes before a response's body.
public struct HTTPResponseHead: Sendable {
  /// The status code.
  public var status: Int
  /// `1.1` or `2`.
  public var version: String
  /// Header fields, in order.
  public var headers: [(name: String, value: String)]

  /// The value of the first field of this name, whatever its letter case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// A whole response.
public struct HTTPResponse: Sendable {
  /// Status and header fields.
  public var head: HTTPResponseHead
  /// The body's bytes.
  public var body: [UInt8]

  /// The status code.
  public var status: Int { head.status }

  /// Creates a response, for clients that stand in front of the transport.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8]) {
    head = HTTPResponseHead(status: status, version: "1.1", headers: headers)
    self.body = body
  }

  init(head: HTTPResponseHead, body: [UInt8]) {
    self.head = head
    self.body = body
  }
}

/// A response whose body is still arriving. Dropping it, or its body's iterator being cancelled, stops the
/// transfer.
public struct HTTPStreamingResponse: Sendable {
  /// Status and header fields.
  public var head: HTTPResponseHead
  /// The body as it arrives.
  public var body: HTTPBodyStream

  /// The status code.
  public var status: Int { head.status }
}

/// A body's bytes in the pieces in which they arrive. While nobody takes them, the sender is made to wait:
/// about a quarter of a mebibyte is held. Can be iterated once.
public struct HTTPBodyStream: AsyncSequence, Sendable {
  /// A piece of the body.
  public typealias Element = [UInt8]
  /// How a body ends early.
  public typealias Failure = HTTPTransportError

  private let owner: TransferOwner

  init(_ owner: TransferOwner) { self.owner = owner }

  /// Begins reading.
  public func makeAsyncIterator() -> Iterator { Iterator(owner: owner) }

  /// Reads the body piece by piece.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let owner: TransferOwner

    /// The next piece, or nil at the body's end.
    /// - Throws: `HTTPTransportError` when the body ends early, or the task is cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPTransportError)
      -> [UInt8]?
    {
      try await owner.transfer.nextChunk(loop: owner.loop)
    }

    /// See `next(isolation:)`.
    public mutating func next() async throws(HTTPTransportError) -> [UInt8]? {
      try await owner.transfer.nextChunk(loop: owner.loop)
    }
  }
}

/// Stops a streamed transfer when nobody holds its response any more.
final class TransferOwner: Sendable {
  let transfer: Transfer
  let loop: EventLoop

  init(transfer: Transfer, loop: EventLoop) {
    self.transfer = transfer
    self.loop = loop
  }

  deinit { loop.enqueue(.cancel(transfer)) }
}
