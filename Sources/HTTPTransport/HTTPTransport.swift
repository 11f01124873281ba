/// HTTP over libcurl: one thread that runs all transfers, connections that are used again, deadlines and
/// cancellation that stop the transfer itself.
///
/// HTTP/2 is used where a TLS server offers it. Redirects are not followed: a token must not travel.
public final class HTTPTransport: HTTPClient {
  private let loop: EventLoop
  private let configuration: TransportConfiguration

  /// Starts the transport's thread, which ends with the transport.
  public init(_ configuration: TransportConfiguration = TransportConfiguration()) {
    self.configuration = configuration
    loop = EventLoop(connectionsPerHost: configuration.connectionsPerHost)
  }

  deinit { loop.enqueue(.stop) }

  /// Ends all transfers with `shutDown` and takes no new ones.
  public func shutdown() { loop.enqueue(.stop) }

  /// How many transfers are under way.
  package var activeTransfers: Int { loop.activeTransfers }

  /// See `HTTPClient`.
  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let transfer = try Transfer(request, configuration, keepsWholeBody: true)
    return try await transfer.whole(loop: loop)
  }

  /// See `HTTPClient`.
  public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    let transfer = try Transfer(request, configuration, keepsWholeBody: false)
    let owner = TransferOwner(transfer: transfer, loop: loop)
    let head = try await transfer.head(loop: loop)
    return HTTPStreamingResponse(head: head, body: HTTPBodyStream(owner))
  }
}
