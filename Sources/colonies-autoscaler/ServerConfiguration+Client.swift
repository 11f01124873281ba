internal import AutoscalerController
internal import ColoniesClient
internal import HTTPTransport

extension ServerConfiguration {
  /// A client that trusts what the configuration says.
  func makeClient() throws -> ColoniesClient {
    var configuration = HTTPTransport.Configuration(userAgent: "colonies-autoscaler")
    if let authorities { configuration.tls.trust = .authorities(.file(authorities)) }
    if let publicKeyPin {
      configuration.tls.pinnedPublicKeys = [publicKeyPin]
      // The key says more than any authority about a certificate that its server made itself.
      if authorities == nil { configuration.tls.trust = .insecureSkipVerify }
    }
    return ColoniesClient(
      endpoint: endpoint, transport: try HTTPTransport(configuration), api: api, deadline: deadline)
  }
}
