/// A whole answer.
public struct HTTPResponse: Sendable, Hashable {
  /// The status code.
  public var status: Int
  public var version: HTTPVersion
  /// The fields of the final head; not those of interim answers, and no trailers.
  public var headers: HTTPHeaders
  public var body: [UInt8]

  public init(
    status: Int, version: HTTPVersion = .http1_1, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
  ) {
    self.status = status
    self.version = version
    self.headers = headers
    self.body = body
  }

  /// Whether the status is one of success (2xx).
  public var isSuccess: Bool { 200..<300 ~= status }
  /// The body as text; what is not UTF-8 is replaced.
  public var text: String { String(decoding: body, as: UTF8.self) }
}
