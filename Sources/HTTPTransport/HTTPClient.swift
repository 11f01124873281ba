/// Whoever carries HTTP requests. `HTTPTransport` is the one that uses the network; callers that take
/// `any HTTPClient` can be given one that injects faults or does nothing.
public protocol HTTPClient: Sendable {
  /// Sends a request and returns the whole answer, whatever its status.
  ///
  /// Redirects are not followed. When the calling task is cancelled, the exchange stops and the error's code
  /// is `cancelled`.
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

  /// Sends a request and returns as soon as the head of the answer is there; its body follows in pieces.
  ///
  /// The exchange stops when the response and every iterator of its body are gone, or when a task that waits
  /// for the head or the body is cancelled.
  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse
}
