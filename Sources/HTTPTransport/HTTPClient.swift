/// Something that carries HTTP requests: the transport itself, or one that stands in front of it.
public protocol HTTPClient: Sendable {
  /// Sends a request and reads the whole response.
  /// - Throws: `HTTPTransportError`; an HTTP status is not an error.
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

  /// Sends a request and returns as soon as the response's head is there.
  /// - Throws: `HTTPTransportError`; an HTTP status is not an error.
  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse
}
