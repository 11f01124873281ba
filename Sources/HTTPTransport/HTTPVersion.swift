/// The version of HTTP that an answer came in.
public enum HTTPVersion: String, Sendable, Hashable, CustomStringConvertible {
  case http1_0 = "HTTP/1.0"
  case http1_1 = "HTTP/1.1"
  case http2 = "HTTP/2"

  public var description: String { rawValue }
}
