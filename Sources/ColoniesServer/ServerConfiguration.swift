public import Colonies

/// What the embedded server needs to know.
public struct ServerConfiguration: Sendable {
  /// A certificate and its key.
  public struct TLS: Sendable, Hashable {
    /// A PEM file with the certificate, and those that lead to its authority.
    public var certificateFile: String
    /// A PEM file.
    public var keyFile: String

    /// Names the two files.
    public init(certificateFile: String, keyFile: String) {
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  /// The address to listen on.
  public var host: String
  /// 0 lets the system choose.
  public var port: Int
  /// Where the database is.
  public var dataDirectory: String
  /// The identity of the server's owner.
  public var serverID: String
  /// nil speaks plain HTTP.
  public var tls: TLS?
  /// What the server refuses to exceed.
  public var limits: ServerLimits
  /// Whether a removed worker's name may be registered again. Executor API.
  public var allowsReregistration: Bool
  /// The API to assume where neither a message nor its sender's registration tells.
  public var defaultAPI: API

  /// Describes a server on the loopback interface.
  public init(
    host: String = "127.0.0.1", port: Int = 50080, dataDirectory: String, serverID: String, tls: TLS? = nil,
    limits: ServerLimits = ServerLimits(), allowsReregistration: Bool = false, defaultAPI: API = .executor
  ) {
    self.host = host
    self.port = port
    self.dataDirectory = dataDirectory
    self.serverID = serverID
    self.tls = tls
    self.limits = limits
    self.allowsReregistration = allowsReregistration
    self.defaultAPI = defaultAPI
  }
}
