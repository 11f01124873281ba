internal import HTTPTransport
internal import Timekeeping

/// The way to a cluster: the transport, and credentials as they are now.
actor ClusterConnection {
  /// What one try of a request uses.
  struct Route: Sendable {
    let client: any HTTPClient
    let headers: [HTTPHeaders.Field]
    let token: BearerToken?
    /// Which credentials these are; they are numbered as they change.
    let generation: Int
  }

  typealias MakeClient = @Sendable (HTTPTransport.Configuration) throws(HTTPTransportError) -> any HTTPClient

  private let configuration: ClusterConfiguration
  private let access: KubernetesClient.Access
  private let makeClient: MakeClient
  private let userAgent: String
  private let time: Timekeeper
  private let calendar: @Sendable () -> KubernetesTime

  private var tokenFile: TokenFile?
  private var lastToken: BearerToken?
  private var generation = 0
  private var credential: ExecCredential?
  /// A plugin that runs. Several requests may wait for it.
  private var refresh: Task<Result<ExecCredential, KubernetesError>, Never>?
  /// The transport, what it is used through, and the identity that it was made for.
  private var client:
    (transport: any HTTPClient, guarded: any HTTPClient, identity: TLSConfiguration.Identity?)?

  init(
    _ configuration: ClusterConfiguration, access: KubernetesClient.Access, userAgent: String,
    time: Timekeeper, calendar: @escaping @Sendable () -> KubernetesTime, makeClient: @escaping MakeClient
  ) {
    self.configuration = configuration
    self.access = access
    self.userAgent = userAgent
    self.time = time
    self.calendar = calendar
    self.makeClient = makeClient
    if case .tokenFile(let path) = configuration.credentials { tokenFile = TokenFile(path: path) }
  }

  /// The way for one try of a request.
  func route() async throws(KubernetesError) -> Route {
    var headers = configuration.impersonation?.headers ?? []
    var token: BearerToken?
    var identity = configuration.tls.identity
    switch configuration.credentials {
    case .none: break
    case .token(let fixed): token = fixed
    case .tokenFile:
      token = try tokenFile?.current(at: time.now())
      if token != lastToken {
        generation += 1
        lastToken = token
      }
    case .basic(let basic):
      headers.append(HTTPHeaders.Field(name: "Authorization", value: basic.authorization))
    case .exec(let plugin):
      let credential = try await self.credential(from: plugin)
      token = credential.token
      // As the field's clients do: what the kubeconfig itself has comes first.
      identity = identity ?? credential.identity
    }
    return Route(
      client: try client(identity: identity), headers: headers, token: token, generation: generation)
  }

  /// Says that the server did not accept credentials.
  /// - Returns: Whether another try may have better ones.
  func reject(_ rejected: Int) -> Bool {
    switch configuration.credentials {
    case .none, .token, .basic: return false
    case .tokenFile: tokenFile?.forget()
    // Somebody else may have had the same answer, and new ones since.
    case .exec: if generation == rejected { credential = nil }
    }
    return true
  }

  /// Ends the transport's thread.
  func shutdown() async {
    guard let transport = client?.transport as? HTTPTransport else { return }
    transport.shutdown()
    await transport.waitUntilShutDown()
  }

  private func client(identity: TLSConfiguration.Identity?) throws(KubernetesError) -> any HTTPClient {
    if let client, client.identity == identity { return client.guarded }
    var tls = configuration.tls
    tls.identity = identity
    do throws(HTTPTransportError) {
      let new = try makeClient(
        HTTPTransport.Configuration(tls: tls, proxy: configuration.proxy, userAgent: userAgent))
      // What streams from the previous one keeps it alive.
      let guarded: any HTTPClient =
        switch access {
        case .readWrite: new
        case .readOnly(let allowsDryRun): ReadOnlyHTTPClient(new, allowsServerDryRun: allowsDryRun)
        }
      client = (new, guarded, identity)
      return guarded
    } catch {
      throw KubernetesError(.invalidConfiguration, "\(configuration.server): \(error)")
    }
  }

  private func credential(from plugin: ExecPlugin) async throws(KubernetesError) -> ExecCredential {
    if let credential, !credential.isExpired(at: calendar()) { return credential }
    // Not a child of the task that happens to be first: the others must not lose it when that one is cancelled.
    let running =
      refresh
      ?? Task { [time] in
        do throws(KubernetesError) {
          return .success(try await plugin.run(time: time))
        } catch {
          return .failure(error)
        }
      }
    let isFirst = refresh == nil
    refresh = running
    let result = await running.value
    if isFirst {
      refresh = nil
      if case .success(let new) = result {
        credential = new
        generation += 1
      }
    }
    return try result.get()
  }
}
