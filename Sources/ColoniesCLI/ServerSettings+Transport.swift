internal import ColoniesClient
internal import HTTPTransport

extension ServerSettings {
  /// How requests are carried to the server.
  var transport: HTTPTransport.Configuration {
    var trust = TLSConfiguration.Trust.system
    if let authorityFile { trust = .authorities(.file(authorityFile)) }
    if !verifiesCertificate { trust = .insecureSkipVerify }
    return HTTPTransport.Configuration(
      tls: TLSConfiguration(trust: trust), proxy: isLocal ? .none : .environment)
  }

  /// Whether the server is on this machine: no proxy could reach it.
  private var isLocal: Bool {
    let host = endpoint.host
    return host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}
