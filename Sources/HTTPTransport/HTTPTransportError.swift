/// Why there is no answer, or not all of it. Never carries a token, a header or a body.
public struct HTTPTransportError: Error, Sendable, Hashable {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Sendable, Hashable {
    /// The request cannot be sent as it is: its URL, a header, or a limit.
    case invalidRequest
    /// The transport's configuration is wrong.
    case invalidConfiguration
    /// The host's name has no address, or nobody could be asked.
    case nameResolutionFailed
    /// The server or the proxy refused the connection, or there is no way to it.
    case connectionFailed
    /// There was no connection within the request's `connectTimeout`.
    case connectTimedOut
    /// One side did not accept the other's certificate, or they found no common protocol.
    case tlsFailed
    /// The exchange was not over by the request's `deadline`.
    case deadlineExceeded
    /// Nothing happened for the request's `idleTimeout`.
    case idleTimedOut
    /// The answer exceeds a limit.
    case responseTooLarge
    /// The connection broke before the answer was whole.
    case connectionLost
    /// What the server sent is not HTTP.
    case invalidResponse
    /// The task that waited was cancelled.
    case cancelled
    /// The transport was shut down.
    case shutDown
    /// Anything else; see the detail.
    case failed
  }

  public var code: Code
  /// What was being done and what happened.
  public var message: String
  /// What libcurl or the system said about it, if anything.
  public var detail: String?
  /// Whether the server may have seen the request. When false it certainly has not, so that sending it again
  /// cannot do anything twice.
  public var requestMayHaveBeenSent: Bool

  public init(_ code: Code, _ message: String, detail: String? = nil, requestMayHaveBeenSent: Bool = true) {
    self.code = code
    self.message = message
    self.detail = detail
    self.requestMayHaveBeenSent = requestMayHaveBeenSent
  }
}

extension HTTPTransportError: CustomStringConvertible {
  public var description: String { message + (detail.map { " (\($0))" } ?? "") }
}
