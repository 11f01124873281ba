internal import CCurl

extension HTTPTransport {
  /// What holds for every exchange of a transport.
  public struct Configuration: Sendable, Hashable {
    /// Whom to trust, and how to prove who we are.
    public var tls: TLSConfiguration
    /// `none` unless the caller wants one: a proxy that nobody thought of sees every `http` request.
    public var proxy: Proxy
    /// The value of the field `User-Agent`.
    public var userAgent: String
    /// The most connections to one host and port. Further requests wait, or share a connection in HTTP/2.
    public var maxConnectionsPerHost: Int
    /// How many bytes of a streamed body wait for their reader until the server is made to wait. A stream may
    /// exceed it by what the network delivers at once, at most 64 KiB.
    public var streamBufferBytes: Int

    public init(
      tls: TLSConfiguration = TLSConfiguration(), proxy: Proxy = .none, userAgent: String = "colonies-swift",
      maxConnectionsPerHost: Int = 64, streamBufferBytes: Int = 256 << 10
    ) {
      self.tls = tls
      self.proxy = proxy
      self.userAgent = userAgent
      self.maxConnectionsPerHost = maxConnectionsPerHost
      self.streamBufferBytes = streamBufferBytes
    }
  }
}

extension HTTPTransport.Configuration {
  /// Finds what is wrong before the first request does.
  func validate() throws(HTTPTransportError) {
    func require(_ condition: Bool, _ problem: String) throws(HTTPTransportError) {
      if !condition {
        throw HTTPTransportError(.invalidConfiguration, problem, requestMayHaveBeenSent: false)
      }
    }
    try require(maxConnectionsPerHost > 0, "maxConnectionsPerHost must be positive")
    try require(streamBufferBytes > 0, "streamBufferBytes must be positive")
    try require(userAgent.isFieldValue, "the user agent contains control characters")
    for (name, pem) in [
      ("certificate authorities", tls.authorities), ("client certificate", tls.identity?.certificate),
      ("client key", tls.identity?.privateKey),
    ] {
      switch pem {
      case .file(let path): try require(path.isFilePath, "the file name of the \(name) is not valid")
      case .bytes(let bytes): try require(!bytes.isEmpty, "the PEM of the \(name) is empty")
      case nil: break
      }
    }
    if let name = tls.serverName {
      try require(name.isHostName, "the TLS server name is not a host name")
    }
    if case .url(let url) = proxy {
      let schemes = ["http", "https", "socks5", "socks5h"]
      let scheme = CurlURL(url)?.part(CURLUPART_SCHEME)
      try require(
        scheme.map(schemes.contains) ?? false,
        "the proxy must be a URL of one of \(schemes.joined(separator: ", "))")
    }
  }
}

extension TLSConfiguration {
  var authorities: PEM? { if case .authorities(let pem) = trust { pem } else { nil } }
}

extension String {
  fileprivate var isFilePath: Bool { !isEmpty && !utf8.contains(0) }

  fileprivate var isHostName: Bool {
    !isEmpty
      && utf8.allSatisfy { character in
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
