public import JSON

/// A ReplicaSet: what makes and removes the pods of one version of a Deployment.
public struct ReplicaSet: ResourceObject, Hashable {
  public static let resource = APIResource.replicaSets

  public var metadata: ObjectMeta
  /// How many replicas are wanted.
  public var replicas: Int
  /// Up to which generation its controller has looked at it.
  public var observedGeneration: Int
  /// How many pods there are.
  public var currentReplicas: Int
  /// What was found out about it, such as `ReplicaFailure` when its pods are refused.
  public var conditions: [ObjectCondition]

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    let reader = try ObjectReader(json, "ReplicaSet")
    replicas = try reader.nested("spec").int("replicas") ?? 1
    let status = try reader.nested("status")
    observedGeneration = try status.int("observedGeneration") ?? 0
    currentReplicas = try status.int("replicas") ?? 0
    conditions = []
    for condition in try status.list("conditions") {
      conditions.append(try ObjectCondition(ObjectReader(condition, "ReplicaSet.status.conditions")))
    }
  }

  /// What it belongs to, such as a Deployment; nil when it is its own master.
  public var controller: OwnerReference? { metadata.owners.first(where: \.isController) }
}
