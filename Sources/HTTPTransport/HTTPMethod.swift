/// What a request asks for.
public struct HTTPMethod: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  public static let get = HTTPMethod(rawValue: "GET")
  public static let head = HTTPMethod(rawValue: "HEAD")
  public static let post = HTTPMethod(rawValue: "POST")
  public static let put = HTTPMethod(rawValue: "PUT")
  public static let patch = HTTPMethod(rawValue: "PATCH")
  public static let delete = HTTPMethod(rawValue: "DELETE")

  public var description: String { rawValue }

  /// Whether a request may be sent again without the caller's knowledge (RFC 9110, section 9.2.2).
  var isIdempotent: Bool {
    switch self {
    case .get, .head, .put, .delete: true
    default: ["OPTIONS", "TRACE"].contains(rawValue)
    }
  }

  /// Whether a request carries a body even if that is empty: then it says `Content-Length: 0`.
  var alwaysHasBody: Bool { self == .post || self == .put || self == .patch }
}
