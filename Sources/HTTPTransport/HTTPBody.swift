internal import Locking

/// A body in pieces, as they arrive. It can be read once, by one task at a time.
///
/// What arrives while nobody reads is kept up to a limit (`HTTPTransport.Configuration.streamBufferBytes`);
/// then the server is made to wait. A piece ends where the network happened to end it, never on purpose.
public struct HTTPBody: AsyncSequence, Sendable {
  public typealias Element = [UInt8]
  public typealias Failure = HTTPTransportError
  /// Returns the next piece, or nil behind the last.
  public typealias Source = @Sendable () async throws(HTTPTransportError) -> [UInt8]?

  private let source: Source

  /// Creates a body from what returns its pieces.
  public init(_ source: @escaping Source) { self.source = source }

  /// Creates a body of these pieces.
  public init(_ pieces: [[UInt8]]) {
    let rest = Locked(pieces[...])
    self.init { () async throws(HTTPTransportError) in rest.withLock { $0.popFirst() } }
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let source: Source

    public mutating func next() async throws(HTTPTransportError) -> [UInt8]? { try await source() }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(HTTPTransportError) -> [UInt8]? { try await source() }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }

  /// Reads the rest of the body.
  /// - Throws: `responseTooLarge` when that is more than `maxBytes`, and the stream's own errors.
  public func collect(maxBytes: Int) async throws(HTTPTransportError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await source() {
      guard bytes.count + piece.count <= maxBytes else {
        throw HTTPTransportError(.responseTooLarge, "the body has more than \(maxBytes) bytes")
      }
      bytes += piece
    }
    return bytes
  }
}
