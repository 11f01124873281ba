public import KubernetesClient

/// Where a configuration comes from.
public enum ConfigurationSource: Sendable, Hashable {
  /// A file, which may be a ConfigMap's manifest.
  case file(ConfigurationFile)
  /// A ConfigMap of the cluster.
  case configMap(ConfigMapReference)

  /// Reads what a person typed: `configmap/NAMESPACE/NAME`, or `configmap/NAME` in the default namespace; all
  /// else is a file's path.
  /// - Parameter defaultNamespace: The namespace of the kubeconfig's context or of the pod; nil when there is
  ///   no cluster.
  public init(_ text: String, defaultNamespace: String?) throws(ConfigurationError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.first == "configmap" else {
      self = .file(ConfigurationFile(path: text, defaultNamespace: defaultNamespace))
      return
    }
    guard (2...3).contains(parts.count), parts.dropFirst().allSatisfy({ !$0.isEmpty }) else {
      throw .unreadable(file: text, reason: "a ConfigMap is named as configmap/NAMESPACE/NAME")
    }
    guard let namespace = parts.count == 3 ? parts[1] : defaultNamespace else {
      throw .unreadable(
        file: text,
        reason: "there is no cluster to take the namespace from; name it: configmap/NAMESPACE/NAME")
    }
    self = .configMap(ConfigMapReference(namespace: namespace, name: parts[parts.count - 1]))
  }

  /// Reads the configuration once.
  /// - Parameter client: The cluster's client; nil when there is no cluster.
  public func load(
    _ client: KubernetesClient?
  ) async throws(ConfigurationError) -> AutoscalerConfiguration {
    switch self {
    case .file(let file): return try file.load()
    case .configMap(let reference):
      guard let client else {
        throw .unreadable(file: "\(reference)", reason: "there is no cluster to read it from")
      }
      return try await ConfigMapWatch(reference: reference, client: client).load()
    }
  }

  /// Whether a person typed a ConfigMap's name, so that there must be a cluster.
  public static func namesConfigMap(_ text: String) -> Bool { text.hasPrefix("configmap/") }
}

extension ConfigurationSource: CustomStringConvertible {
  /// The file's path, or the ConfigMap's name.
  public var description: String {
    switch self {
    case .file(let file): file.path
    case .configMap(let reference): reference.description
    }
  }
}
