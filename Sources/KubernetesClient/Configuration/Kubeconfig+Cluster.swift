internal import Files
internal import HTTPTransport

extension Kubeconfig {
  /// What a context says.
  /// - Parameter context: The context's name; nil for the current one.
  /// - Throws: `invalidConfiguration`, with where it is written.
  public func cluster(
    context name: String? = nil, environment: [String: String] = [:]
  ) throws(KubernetesError) -> ClusterConfiguration {
    let (name, context) = try self.context(name)
    guard !context.cluster.isEmpty else {
      throw invalid(context.place, "context \"\(name)\" names no cluster")
    }
    guard let cluster = clusters[context.cluster] else {
      throw invalid(
        context.place, "context \"\(name)\" names the cluster \"\(context.cluster)\", which is not there")
    }
    let user = context.user.isEmpty ? User(place: context.place) : users[context.user]
    guard let user else {
      throw invalid(
        context.place, "context \"\(name)\" names the user \"\(context.user)\", which is not there")
    }
    var tls = try trust(of: cluster)
    tls.identity = try identity(of: user)
    let server = try server(of: cluster)
    var credentials = try credentials(of: user)
    if case .exec(var plugin) = credentials {
      plugin.cluster = ExecPlugin.ClusterInformation(
        server: server, tlsServerName: cluster.tlsServerName, skipsVerification: cluster.skipsVerification,
        authorities: tls.authorityBytes, proxyURL: cluster.proxyURL)
      credentials = .exec(plugin)
    }
    var warnings: [String] = []
    if cluster.skipsVerification {
      warnings.append(
        "\(cluster.place.description): insecure-skip-tls-verify is set: anybody on the way to \(server) can "
          + "read and change what is said, the credentials included")
    }
    if server.hasPrefix("http://"), credentials != .none, !server.isLoopback {
      warnings.append("\(cluster.place.description): the credentials for \(server) are sent unencrypted")
    }
    return ClusterConfiguration(
      server: server, tls: tls,
      // The field's clients never ask a proxy for this machine.
      proxy: cluster.proxyURL.map(Proxy.url) ?? (server.isLoopback ? .none : .environment),
      credentials: credentials, impersonation: user.impersonation,
      namespace: context.namespace ?? "default",
      origin: "context \(name) of \(context.place.file)", warnings: warnings)
  }

  private func context(_ name: String?) throws(KubernetesError) -> (String, Context) {
    let choices = contexts.isEmpty ? "there are none" : "there are \(contextNames.joined(separator: ", "))"
    let wanted = name ?? currentContext?.name
    guard let wanted else {
      let place = files.joined(separator: ", ")
      // As older tools write it: one cluster and nothing to choose.
      throw KubernetesError(
        .invalidConfiguration, "\(place): there is no current-context; contexts: \(choices); pass --context")
    }
    guard let context = contexts[wanted] else {
      let place = name == nil ? currentContext?.place.description : nil
      throw KubernetesError(
        .invalidConfiguration,
        "\(place ?? files.joined(separator: ", ")): there is no context \"\(wanted)\"; \(choices)")
    }
    return (wanted, context)
  }

  private func server(of cluster: Cluster) throws(KubernetesError) -> String {
    var server = cluster.server
    guard !server.isEmpty else { throw invalid(cluster.place, "the cluster has no server") }
    while server.hasSuffix("/") { server.removeLast() }
    if let end = server.utf8.firstIndex(of: UInt8(ascii: ":")), server[end...].hasPrefix("://") {
      guard ["http", "https"].contains(server[..<end]) else {
        throw invalid(cluster.place, "the server's URL is neither http nor https")
      }
      return server
    }
    let isSecure = cluster.authorityFile != nil || cluster.authorityData != nil || cluster.skipsVerification
    return (isSecure ? "https://" : "http://") + server
  }

  private func trust(of cluster: Cluster) throws(KubernetesError) -> TLSConfiguration {
    // Inline data win over files, as everywhere in a kubeconfig.
    let authorities = cluster.authorityData.map(PEM.bytes) ?? cluster.authorityFile.map(PEM.file)
    if case .file(let path) = authorities { try requireFile(path, cluster.place) }
    if cluster.skipsVerification {
      guard authorities == nil else {
        throw invalid(cluster.place, "certificate-authority and insecure-skip-tls-verify exclude each other")
      }
      return TLSConfiguration(trust: .insecureSkipVerify, serverName: cluster.tlsServerName)
    }
    return TLSConfiguration(
      trust: authorities.map(TLSConfiguration.Trust.authorities) ?? .system, serverName: cluster.tlsServerName
    )
  }

  private func identity(of user: User) throws(KubernetesError) -> TLSConfiguration.Identity? {
    let certificate = user.certificateData.map(PEM.bytes) ?? user.certificateFile.map(PEM.file)
    let key = user.keyData.map(PEM.bytes) ?? user.keyFile.map(PEM.file)
    switch (certificate, key) {
    case (nil, nil): return nil
    case (let certificate?, let key?):
      for case .file(let path) in [certificate, key] { try requireFile(path, user.place) }
      return TLSConfiguration.Identity(certificate: certificate, privateKey: key)
    case (_?, nil): throw invalid(user.place, "the user has a client certificate without a client key")
    case (nil, _?): throw invalid(user.place, "the user has a client key without a client certificate")
    }
  }

  private func credentials(of user: User) throws(KubernetesError) -> Credentials {
    let hasToken = user.token != nil || user.tokenFile != nil
    let hasName = user.username != nil || user.password != nil
    if hasToken, hasName { throw invalid(user.place, "the user has both a token and a password") }
    if let place = user.authProvider, user.exec == nil, !hasToken, !hasName {
      throw KubernetesError(
        .invalidConfiguration,
        "\(place): auth-provider is not supported, as Kubernetes 1.26 and later; use the provider's exec plugin"
      )
    }
    if let path = user.tokenFile {
      try requireFile(path, user.place)
      return .tokenFile(path)
    }
    if let token = user.token { return .token(BearerToken(token)) }
    if hasName {
      return .basic(BasicCredential(username: user.username ?? "", password: user.password ?? ""))
    }
    guard let exec = user.exec else { return .none }
    do {
      return .exec(try exec.get())
    } catch {
      throw KubernetesError(.invalidConfiguration, "\(error)")
    }
  }

  private func requireFile(_ path: String, _ place: Place) throws(KubernetesError) {
    if !File.exists(path) { throw invalid(place, "there is no file \(path)") }
  }

  private func invalid(_ place: Place, _ problem: String) -> KubernetesError {
    KubernetesError(.invalidConfiguration, "\(place.description): \(problem)")
  }
}

extension TLSConfiguration {
  /// The authorities' certificates, for a plugin that wants to know the cluster.
  fileprivate var authorityBytes: [UInt8]? {
    guard case .authorities(let pem) = trust else { return nil }
    switch pem {
    case .bytes(let bytes): return bytes
    // A file that vanished since is the connection's problem.
    case .file(let path): return try? File.bytes(path, limit: KubeconfigContents.maximumBytes)
    }
  }
}

extension String {
  /// Whether the URL is one of this machine.
  fileprivate var isLoopback: Bool {
    let schemes = ["http://", "https://"]
    guard let scheme = schemes.first(where: hasPrefix) else { return false }
    let rest = dropFirst(scheme.count)
    if rest.hasPrefix("[::1]") { return true }
    let host = rest.prefix { !":/".contains($0) }
    return host == "localhost" || host.hasPrefix("127.")
  }
}
