/// A request that has been checked and put in the words of libcurl.
struct PreparedRequest: Sendable {
  let method: HTTPMethod
  let target: RequestTarget
  /// Lines for libcurl's list, where `name;` is a field without a value and `name:` suppresses libcurl's own.
  let headerLines: [String]
  let body: [UInt8]
  let deadline: Duration?
  let connectTimeout: Duration
  let idleTimeout: Duration?
  /// What becomes of the body of the answer.
  let mode: TransferState.Mode

  /// What messages call the request.
  var summary: String { "\(method) \(target.summary)" }

  init(
    _ request: HTTPRequest, _ mode: TransferState.Mode, serverName: String?
  ) throws(HTTPTransportError) {
    method = request.method
    body = request.body
    deadline = request.deadline
    connectTimeout = request.connectTimeout
    idleTimeout = request.idleTimeout
    self.mode = mode
    target = try RequestTarget(request.url, serverName: serverName)

    try Self.require(request.method.rawValue.isToken, "the method is not a token")
    for limit in [request.deadline, request.connectTimeout, request.idleTimeout].compactMap(\.self) {
      try Self.require(limit > .zero, "a deadline or timeout is not positive")
    }
    if case .whole(let limit) = mode {
      try Self.require(limit >= 0, "maxBodyBytes is negative")
      try Self.require(deadline != nil, "there is no deadline")
    }
    headerLines = try Self.lines(request, host: target.host)
  }

  private static let ownFields = ["Host", "Content-Length", "Transfer-Encoding", "Expect"]

  private static func lines(_ request: HTTPRequest, host: String?) throws(HTTPTransportError) -> [String] {
    var headers = request.headers
    for field in headers.fields {
      try require(field.name.isToken, "the name of a header field is not a token")
      try require(
        field.value.isFieldValue, "the value of the header field \(field.name) contains control characters")
    }
    for name in ownFields {
      try require(headers[name] == nil, "the header field \(name) is set by the transport")
    }
    if let token = request.bearerToken {
      try require(
        headers["Authorization"] == nil, "there are a bearer token and a header field Authorization")
      try require(
        !token.text.isEmpty && token.text.isFieldValue,
        "the bearer token is empty or contains control characters")
      headers["Authorization"] = "Bearer " + token.text
    }
    if let host { headers["Host"] = host }
    var lines = headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    // A server that does not know it would cost a second; nobody here sends bodies worth asking for.
    lines.append("Expect:")
    // libcurl would call every body a form.
    if headers["Content-Type"] == nil { lines.append("Content-Type:") }
    return lines
  }

  private static func require(_ condition: Bool, _ problem: String) throws(HTTPTransportError) {
    if !condition { throw HTTPTransportError(.invalidRequest, problem, requestMayHaveBeenSent: false) }
  }
}

extension String {
  /// Whether this can be a method or the name of a header field (RFC 9110, section 5.6.2).
  fileprivate var isToken: Bool {
    !isEmpty
      && utf8.allSatisfy { character in
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(character)
        }
      }
  }

  /// Whether this can be the value of a header field: a line break in it would start another field.
  var isFieldValue: Bool { utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7f) } }
}
