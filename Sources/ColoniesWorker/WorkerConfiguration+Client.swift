public import ColoniesClient
public import HTTPTransport

extension WorkerConfiguration {
  /// A client that reaches the configured server as the configuration trusts it.
  /// - Throws: `HTTPTransportError` when the system gives no thread.
  public func makeClient() throws(HTTPTransportError) -> ColoniesClient {
    let configuration = HTTPTransport.Configuration(
      tls: TLSConfiguration(trust: trust), userAgent: "colonies-worker")
    return ColoniesClient(endpoint: endpoint, transport: try HTTPTransport(configuration), api: api)
  }
}
