/// The head of an answer, and its body while it arrives. The exchange stops when nobody holds the body or an
/// iterator of it any more.
public struct HTTPStreamingResponse: Sendable {
  /// The status code.
  public var status: Int
  public var version: HTTPVersion
  /// The fields of the final head.
  public var headers: HTTPHeaders
  public var body: HTTPBody

  public init(
    status: Int, version: HTTPVersion = .http1_1, headers: HTTPHeaders = HTTPHeaders(), body: HTTPBody
  ) {
    self.status = status
    self.version = version
    self.headers = headers
    self.body = body
  }

  /// Whether the status is one of success (2xx).
  public var isSuccess: Bool { 200..<300 ~= status }
}
