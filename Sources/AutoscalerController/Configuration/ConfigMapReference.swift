/// The ConfigMap that a configuration is kept in, under the key `config.yaml`.
public struct ConfigMapReference: Sendable, Hashable, CustomStringConvertible {
  /// The namespace.
  public var namespace: String
  /// The name.
  public var name: String

  /// Refers to a ConfigMap.
  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// What people call it: `configmap/NAMESPACE/NAME`.
  public var description: String { "configmap/\(namespace)/\(name)" }
}
