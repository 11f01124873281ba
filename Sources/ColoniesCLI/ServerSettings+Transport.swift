internal import ColoniesClient
internal import HTTPTransport

extension ServerSettings {
  /// What carries requests to the server.
  func transport() -> any HTTPClient {
    HTTPTransport(
      TransportConfiguration(
        authorities: authorityFile.map(TransportConfiguration.PEM.file),
        skipsVerification: !verifiesCertificate, proxy: isLocal ? .none : .environment))
  }

  /// Whether the server is on this machine: no proxy could reach it.
  private var isLocal: Bool {
    let host = endpoint.host
    return host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}
