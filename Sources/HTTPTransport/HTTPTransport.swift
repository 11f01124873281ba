/// HTTP/1.1 and HTTP/2 over libcurl, for any number of tasks.
///
/// Each transport has one thread, its own connections and its own TLS settings. HTTP/2 is used where a server
/// offers it over TLS; `http` URLs are HTTP/1.1. Connections are kept and used again. Requests that may be
/// repeated without harm (`GET`, `PUT`, …) are sent again when a kept connection turns out to be dead; `POST`
/// and `PATCH` never are.
///
/// The thread ends, and what is under way fails, after `shutdown()` or when the transport and all its streams
/// are gone.
public final class HTTPTransport: HTTPClient {
  private let configuration: Configuration
  private let loop: EventLoop

  /// Starts a transport.
  /// - Throws: `invalidConfiguration`, or `failed` when the system gives no thread. Files are not opened
  ///   here: a certificate that cannot be read is a `tlsFailed` of the requests.
  public init(_ configuration: Configuration = Configuration()) throws(HTTPTransportError) {
    try configuration.validate()
    self.configuration = configuration
    loop = try EventLoop(configuration)
  }

  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let prepared = try PreparedRequest(
      request, .whole(maxBytes: request.maxBodyBytes), serverName: configuration.tls.serverName)
    return try await Transfer(prepared, queue: loop.queue).run()
  }

  public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    let prepared = try PreparedRequest(
      request, .pieces(bufferBytes: configuration.streamBufferBytes), serverName: configuration.tls.serverName
    )
    let lease = StreamLease(Transfer(prepared, queue: loop.queue), loop)
    let head = try await lease.transfer.start()
    let body = HTTPBody { () async throws(HTTPTransportError) in try await lease.transfer.nextPiece() }
    return HTTPStreamingResponse(
      status: head.status, version: head.version, headers: head.headers, body: body)
  }

  /// Fails everything that is under way, and every later request, with the code `shutDown`. Returns at once.
  public func shutdown() { loop.queue.stop() }

  /// Returns when the transport has been shut down and has freed everything. To exit a program need not wait for
  /// this: exiting shuts down every transport, and waits up to two seconds for them.
  public func waitUntilShutDown() async { await loop.queue.ended() }

  /// How many exchanges there are, those included that were cancelled and not yet taken down.
  package var transferCount: Int { loop.queue.transferCount }

  /// Returns when there are no exchanges.
  package func waitUntilIdle() async { await loop.queue.idle() }
}
