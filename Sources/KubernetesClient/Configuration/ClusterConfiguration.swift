public import HTTPTransport

/// Where a cluster's API server is, whom to trust there, and who the caller is.
public struct ClusterConfiguration: Sendable {
  /// The server's URL, without a slash at its end. It may have a path.
  public var server: String
  /// Whom to trust, and the caller's certificate if there is one.
  public var tls: TLSConfiguration
  /// Whether connections go through another server.
  public var proxy: Proxy
  /// Who the caller is, beside the certificate.
  public var credentials: Credentials
  /// For whom the caller acts, if not for itself.
  public var impersonation: Impersonation?
  /// The namespace where nothing else is said.
  public var namespace: String
  /// Where this comes from, for people: a context's name and file, or the pod.
  public var origin: String
  /// What people should know before they use it.
  public var warnings: [String]

  /// Describes a cluster.
  public init(
    server: String, tls: TLSConfiguration = TLSConfiguration(), proxy: Proxy = .none,
    credentials: Credentials = .none, impersonation: Impersonation? = nil, namespace: String = "default",
    origin: String = "", warnings: [String] = []
  ) {
    self.server = server
    self.tls = tls
    self.proxy = proxy
    self.credentials = credentials
    self.impersonation = impersonation
    self.namespace = namespace
    self.origin = origin
    self.warnings = warnings
  }
}

extension ClusterConfiguration {
  /// Finds the cluster as the field's tools do: the given kubeconfig; else those that `KUBECONFIG` names; else
  /// the cluster of the pod, inside of one; else `~/.kube/config`.
  /// - Parameters:
  ///   - kubeconfig: A file to read in place of all others.
  ///   - context: A context's name, in place of the current one. It asks for a kubeconfig.
  /// - Throws: `invalidConfiguration`, with all that is wrong, each as `file:line:column: path: message`.
  public static func load(
    kubeconfig: String? = nil, context: String? = nil, environment: [String: String]
  ) throws(KubernetesError) -> ClusterConfiguration {
    if let kubeconfig {
      return try Kubeconfig(file: kubeconfig).cluster(context: context, environment: environment)
    }
    let isNamed = !(environment["KUBECONFIG"] ?? "").isEmpty
    if !isNamed, context == nil, let pod = try inCluster(environment: environment) { return pod }
    return try Kubeconfig(environment: environment).cluster(context: context, environment: environment)
  }
}
