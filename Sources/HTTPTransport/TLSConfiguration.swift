/// How the two sides of `https` connections prove who they are. TLS 1.2 is the oldest version spoken.
public struct TLSConfiguration: Sendable, Hashable {
  /// Whose certificates are accepted.
  public enum Trust: Sendable, Hashable {
    /// The system's certificate authorities.
    case system
    /// These certificate authorities, and no others.
    case authorities(PEM)
    /// Anybody. Connections can be intercepted, unless `pinnedPublicKeys` name the server.
    case insecureSkipVerify
  }

  /// The certificate with which this side answers a server that asks for one.
  public struct Identity: Sendable, Hashable {
    /// The certificate, followed by intermediate ones if there are any.
    public var certificate: PEM
    /// The certificate's key, without a password.
    public var privateKey: PEM

    public init(certificate: PEM, privateKey: PEM) {
      self.certificate = certificate
      self.privateKey = privateKey
    }
  }

  /// Whose certificates are accepted.
  public var trust: Trust
  /// The certificate to show, if any. Files are read again for every new connection, so that a renewed
  /// certificate is used.
  public var identity: Identity?
  /// The name that the server's certificate must have, and that the server is told, in place of the URL's
  /// host.
  public var serverName: String?
  /// If not empty, the server's key must be one of these, in addition to what `trust` asks for.
  public var pinnedPublicKeys: [PublicKeyPin]

  public init(
    trust: Trust = .system, identity: Identity? = nil, serverName: String? = nil,
    pinnedPublicKeys: [PublicKeyPin] = []
  ) {
    self.trust = trust
    self.identity = identity
    self.serverName = serverName
    self.pinnedPublicKeys = pinnedPublicKeys
  }
}
