/// A request and the limits of its exchange.
public struct HTTPRequest: Sendable {
  public var method: HTTPMethod
  /// An absolute `http` or `https` URL without user name and password.
  public var url: String
  /// Fields beside those that the transport sets itself: `Host`, `Content-Length`, `Transfer-Encoding`,
  /// `Expect`.
  public var headers: HTTPHeaders
  /// Sent as `Authorization: Bearer …`.
  public var bearerToken: BearerToken?
  /// Sent with its length. `POST`, `PUT` and `PATCH` say so even when it is empty.
  public var body: [UInt8]
  /// How long the exchange may take in all, from the call to the last byte of the body. Only streams may go
  /// without; they should have an `idleTimeout` then.
  public var deadline: Duration?
  /// How long it may take to have a connection: name resolution, TCP, TLS, and the wait for a free
  /// connection when there are `maxConnectionsPerHost` already.
  public var connectTimeout: Duration
  /// The longest silence: how long nothing may arrive (or be sent) until the exchange is given up. Time in
  /// which the reader of a stream does not take what has arrived does not count. Nil for no such limit.
  public var idleTimeout: Duration?
  /// The most bytes that `send` takes as a body. Streams are bounded by their reader.
  public var maxBodyBytes: Int

  public init(
    _ method: HTTPMethod = .get, _ url: String, headers: HTTPHeaders = HTTPHeaders(),
    bearerToken: BearerToken? = nil, body: [UInt8] = [], deadline: Duration? = .seconds(30),
    connectTimeout: Duration = .seconds(10), idleTimeout: Duration? = nil, maxBodyBytes: Int = 16 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.bearerToken = bearerToken
    self.body = body
    self.deadline = deadline
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.maxBodyBytes = maxBodyBytes
  }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The request without its secrets: no token, no body, and no query, which may carry either.
  public var description: String {
    let place = (try? RequestTarget(url, serverName: nil).summary) ?? "<invalid URL>"
    return "\(method) \(place) \(headers), \(body.count) bytes"
  }

  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
