internal import AutoscalerController
internal import ColoniesClient
internal import HTTPTransport
internal import Locking

/// Makes clients of Colonies servers. Those that trust their servers in the same way share a transport, with its
/// thread and its connections, for as long as one of them is there.
final class ColoniesClients: Sendable {
  private struct Shared {
    weak var transport: HTTPTransport?
  }

  private let transports = Locked<[HTTPTransport.Configuration: Shared]>([:])

  /// A client that trusts what the configuration says.
  /// - Throws: `HTTPTransportError` when there can be no transport with these settings.
  func client(of server: ServerConfiguration) throws -> ColoniesClient {
    var configuration = HTTPTransport.Configuration(userAgent: "colonies-autoscaler")
    if let authorities = server.authorities { configuration.tls.trust = .authorities(.file(authorities)) }
    if let publicKeyPin = server.publicKeyPin {
      configuration.tls.pinnedPublicKeys = [publicKeyPin]
      // The key says more than any authority about a certificate that its server made itself.
      if server.authorities == nil { configuration.tls.trust = .insecureSkipVerify }
    }
    return ColoniesClient(
      endpoint: server.endpoint, transport: try transport(configuration), api: server.api,
      deadline: server.deadline)
  }

  private func transport(_ configuration: HTTPTransport.Configuration) throws -> HTTPTransport {
    try transports.withLock { transports in
      if let transport = transports[configuration]?.transport { return transport }
      transports = transports.filter { $0.value.transport != nil }
      let transport = try HTTPTransport(configuration)
      transports[configuration] = Shared(transport: transport)
      return transport
    }
  }
}
