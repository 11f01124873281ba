/// The address of a Colonies server.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// A host name or address; an IPv6 address without brackets.
  public var host: String
  /// 1…65535.
  public var port: Int
  /// Whether the server is spoken to over TLS.
  public var usesTLS: Bool

  /// Creates an address.
  public init(host: String, port: Int, usesTLS: Bool) {
    self.host = host
    self.port = port
    self.usesTLS = usesTLS
  }

  /// The server's address as a URL.
  public var description: String {
    "\(usesTLS ? "https" : "http")://\(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host):\(port)"
  }
}
