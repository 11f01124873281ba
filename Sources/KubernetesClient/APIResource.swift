/// A kind of object as the API serves it.
public struct APIResource: Sendable, Hashable {
  /// The API group; empty for the core group.
  public var group: String
  /// The group's version, such as `v1`.
  public var version: String
  /// The name in paths, such as `deployments`.
  public var plural: String
  /// The name in documents, such as `Deployment`.
  public var kind: String
  /// Whether objects live in a namespace.
  public var isNamespaced: Bool

  /// Creates a resource.
  public init(group: String = "", version: String, plural: String, kind: String, isNamespaced: Bool = true) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
    self.isNamespaced = isNamespaced
  }

  /// Group and version as documents write it, such as `apps/v1`.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}

extension APIResource: CustomStringConvertible {
  /// The name that permissions use, such as `deployments.apps`.
  public var description: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

extension APIResource {
  /// Deployments.
  public static let deployments = APIResource(
    group: "apps", version: "v1", plural: "deployments", kind: "Deployment")
  /// StatefulSets.
  public static let statefulSets = APIResource(
    group: "apps", version: "v1", plural: "statefulsets", kind: "StatefulSet")
  /// ReplicaSets.
  public static let replicaSets = APIResource(
    group: "apps", version: "v1", plural: "replicasets", kind: "ReplicaSet")
  /// Pods.
  public static let pods = APIResource(version: "v1", plural: "pods", kind: "Pod")
  /// ConfigMaps.
  public static let configMaps = APIResource(version: "v1", plural: "configmaps", kind: "ConfigMap")
  /// Events of the core group.
  public static let events = APIResource(version: "v1", plural: "events", kind: "Event")
  /// Leases.
  public static let leases = APIResource(
    group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")
  /// Questions about the caller's own permissions.
  public static let selfSubjectAccessReviews = APIResource(
    group: "authorization.k8s.io", version: "v1", plural: "selfsubjectaccessreviews",
    kind: "SelfSubjectAccessReview", isNamespaced: false)

  /// The path of the resource, of one object, or of an object's subresource.
  /// - Parameter namespace: Nil for all namespaces, and for resources that live in none.
  /// - Throws: `invalidRequest` for a part that is empty or would climb: without its name, the path of an
  ///   object is that of all of them.
  public func path(
    namespace: String? = nil, name: String? = nil, subresource: String? = nil
  ) throws(KubernetesError) -> String {
    var segments = group.isEmpty ? ["api", version] : ["apis", group, version]
    if isNamespaced, let namespace { segments += ["namespaces", namespace] }
    segments.append(plural)
    if let name { segments.append(name) }
    if let subresource { segments.append(subresource) }
    for segment in segments where ["", ".", ".."].contains(segment) {
      throw KubernetesError(.invalidRequest, "\"\(segment)\" cannot be part of the path of \(self)")
    }
    return "/" + segments.map(\.percentEncoded).joined(separator: "/")
  }
}
