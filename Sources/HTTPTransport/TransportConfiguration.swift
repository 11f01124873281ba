/// How a transport connects, the same for all its requests.
public struct TransportConfiguration: Sendable {
  /// Text in PEM form, from a file or from memory.
  public enum PEM: Sendable, Hashable {
    case file(String)
    case bytes([UInt8])
  }

  /// Our certificate, for servers that ask for one.
  public struct ClientCertificate: Sendable, Hashable {
    /// The certificate, and those that lead to its authority.
    public var certificate: PEM
    /// Its private key, without a password.
    public var key: PEM

    /// Puts a certificate and its key together.
    public init(certificate: PEM, key: PEM) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// Which proxy is asked.
  public enum Proxy: Sendable, Hashable {
    /// What `http_proxy`, `https_proxy` and `no_proxy` say, as for most programs.
    case environment
    case none
    case url(String)
  }

  /// The authorities that are trusted, instead of the system's.
  public var authorities: PEM?
  /// Our certificate, for servers that ask for one.
  public var clientCertificate: ClientCertificate?
  /// Whether any certificate is accepted. Then nobody knows who answers.
  public var skipsVerification: Bool
  /// The name to ask for and to check instead of the URL's host.
  public var serverName: String?
  /// Accepts only a server whose public key has this hash: `sha256//` and base64, as libcurl writes it.
  /// Works with self-signed certificates together with `skipsVerification`.
  public var pinnedPublicKey: String?
  /// Which proxy is asked.
  public var proxy: Proxy
  /// How long making a connection may take.
  public var connectTimeout: Duration
  /// Connections to one host at the same time; further requests wait, within their deadlines.
  public var connectionsPerHost: Int
  /// The `User-Agent` field.
  public var userAgent: String

  /// Describes a transport that trusts the system's authorities.
  public init(
    authorities: PEM? = nil, clientCertificate: ClientCertificate? = nil, skipsVerification: Bool = false,
    serverName: String? = nil, pinnedPublicKey: String? = nil, proxy: Proxy = .environment,
    connectTimeout: Duration = .seconds(10), connectionsPerHost: Int = 64, userAgent: String = "colonies"
  ) {
    self.authorities = authorities
    self.clientCertificate = clientCertificate
    self.skipsVerification = skipsVerification
    self.serverName = serverName
    self.pinnedPublicKey = pinnedPublicKey
    self.proxy = proxy
    self.connectTimeout = connectTimeout
    self.connectionsPerHost = connectionsPerHost
    self.userAgent = userAgent
  }
}
