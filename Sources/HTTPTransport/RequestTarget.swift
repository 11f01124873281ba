internal import CCurl

/// Where a request goes, checked.
struct RequestTarget: Sendable {
  /// What libcurl is given.
  let url: String
  let isSecure: Bool
  /// Scheme, host, port and path: what messages may show. The query may contain a secret.
  let summary: String
  /// The host and port to connect to in place of the URL's, in libcurl's notation.
  let connectTo: String?
  /// The `Host` field, where the URL's host is not the one that was asked for.
  let host: String?

  init(_ text: String, serverName: String?) throws(HTTPTransportError) {
    let parsed = try CurlURL.request(text)
    func part(_ part: CURLUPart, flags: Int32 = 0) throws(HTTPTransportError) -> String {
      if let text = parsed.part(part, flags: flags) { return text }
      throw HTTPTransportError(.invalidRequest, "the URL is not complete", requestMayHaveBeenSent: false)
    }
    let scheme = try part(CURLUPART_SCHEME)
    let host = try part(CURLUPART_HOST)
    let port = try part(CURLUPART_PORT, flags: CURLU_DEFAULT_PORT)
    isSecure = scheme == "https"
    let authority = parsed.part(CURLUPART_PORT) == nil ? host : "\(host):\(port)"
    summary = "\(scheme)://\(authority)\(try part(CURLUPART_PATH))"

    // The name in the URL is what libcurl sends in the handshake and looks for in the certificate. So it
    // becomes the wanted name, and the connection is led to the host that was asked for.
    if isSecure, let serverName, serverName != host {
      guard parsed.set(CURLUPART_HOST, serverName) else {
        throw HTTPTransportError(
          .invalidRequest, "the TLS server name is not valid", detail: parsed.problem,
          requestMayHaveBeenSent: false)
      }
      connectTo = "::\(host):\(port)"
      self.host = authority
    } else {
      connectTo = nil
      self.host = nil
    }
    url = try part(CURLUPART_URL)
  }
}
