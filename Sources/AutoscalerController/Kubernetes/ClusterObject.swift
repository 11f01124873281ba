internal import KubernetesClient

/// An object of the cluster that a scaler scales, with its namespace.
struct ClusterObject: Sendable, Hashable {
  let reference: ScaleTargetReference
  let namespace: String

  init(_ target: ScaleTargetConfiguration, defaultNamespace: String) {
    reference = target.reference
    namespace = target.namespace ?? defaultNamespace
  }

  var name: String { reference.name }

  /// Which kind it is, the same for all objects of the kind.
  var kind: ObjectKind { ObjectKind(apiVersion: reference.apiVersion ?? "", kind: reference.kind) }

  /// What Events about it refer to.
  /// - Parameter uid: Its id; nil when that is not known.
  func eventReference(uid: String?) -> ObjectReference {
    ObjectReference(
      apiVersion: reference.apiVersion ?? "", kind: reference.kind, namespace: namespace, name: name,
      uid: uid)
  }
}

extension ClusterObject: CustomStringConvertible {
  /// What people call it.
  var description: String { "\(reference.kind) \(namespace)/\(name)" }
}

/// A kind of object, as documents name it.
struct ObjectKind: Sendable, Hashable {
  let apiVersion: String
  let kind: String

  /// How the API serves the kinds that every cluster has; nil for others, whose servers have to be asked.
  var knownResource: APIResource? {
    switch (apiVersion, kind) {
    case ("apps/v1", "Deployment"): .deployments
    case ("apps/v1", "StatefulSet"): .statefulSets
    default: nil
    }
  }
}
