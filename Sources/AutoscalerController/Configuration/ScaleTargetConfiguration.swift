public import KubernetesClient

/// An object of a cluster whose replicas are set, through the subresource `scale` that its kind must have.
public struct ScaleTargetConfiguration: Sendable, Hashable {
  /// Kind and name. The group and version are always there.
  public var reference: ScaleTargetReference
  /// The namespace; nil for the one of the kubeconfig's context, or of the autoscaler's pod.
  public var namespace: String?

  /// The kinds that need no `apiVersion`.
  static let knownKinds = ["Deployment": "apps/v1", "StatefulSet": "apps/v1"]

  /// Whether both are certainly the same object. One with its namespace and one without may be, where it is not known
  /// which the latter is in.
  /// - Parameter defaultNamespace: The namespace of those that name none; nil when it is not known.
  func means(_ other: ScaleTargetConfiguration, defaultNamespace: String?) -> Bool {
    (namespace ?? defaultNamespace) == (other.namespace ?? defaultNamespace)
      && reference.means(other.reference)
  }
}

extension ScaleTargetConfiguration: CustomStringConvertible {
  /// The kind and the name, as people write them.
  public var description: String {
    let place = namespace.map { "\($0)/" } ?? ""
    return "\(reference.kind) \(place)\(reference.name)"
  }
}
