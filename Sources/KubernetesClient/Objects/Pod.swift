public import JSON

/// A pod: where it is in its life, whose it is, and what is noted on it.
public struct Pod: ResourceObject, Hashable {
  /// Where a pod is in its life.
  public enum Phase: String, Sendable, Hashable, CaseIterable {
    /// Not all of its containers have started; it may not even have a node.
    case pending = "Pending"
    case running = "Running"
    /// All of its containers ended well, and none starts again.
    case succeeded = "Succeeded"
    /// All of its containers ended, one of them badly.
    case failed = "Failed"
    /// Its node has not been heard of.
    case unknown = "Unknown"
  }

  public static let resource = APIResource.pods

  public var metadata: ObjectMeta
  /// Where it is in its life; a word that is not known here counts as unknown.
  public var phase: Phase
  /// What was found out about it: `Ready`, `PodScheduled` and others.
  public var conditions: [ObjectCondition]
  /// Where it runs; nil before it was given a node.
  public var nodeName: String?
  /// How long its containers may take to end when it is asked to go.
  public var terminationGracePeriodSeconds: Int

  /// Kubernetes' own default of ``terminationGracePeriodSeconds``.
  public static let defaultGracePeriodSeconds = 30
  /// The annotation that says which pods a ReplicaSet removes first: those with the lowest number, an `Int32`,
  /// 0 when there is none. Looked at by Kubernetes 1.22 and later, and only among pods that are equally ready.
  public static let deletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost"

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    let reader = try ObjectReader(json, "Pod")
    let spec = try reader.nested("spec")
    nodeName = try spec.string("nodeName")
    terminationGracePeriodSeconds =
      try spec.int("terminationGracePeriodSeconds") ?? Self.defaultGracePeriodSeconds
    let status = try reader.nested("status")
    phase = try status.string("phase").flatMap(Phase.init) ?? .unknown
    conditions = []
    for condition in try status.list("conditions") {
      conditions.append(try ObjectCondition(ObjectReader(condition, "Pod.status.conditions")))
    }
  }

  /// Whether the condition `Ready` says so.
  public var isReady: Bool { conditions["Ready"]?.status == .yes }

  /// Since when it is ready; nil when it is not, or nobody says.
  public var readySince: KubernetesTime? { isReady ? conditions["Ready"]?.lastTransitionTime : nil }

  /// Whether it was asked to go.
  public var isTerminating: Bool { metadata.deletionTimestamp != nil }

  /// Whether it has ended for good, so that nothing replaces its containers.
  public var hasEnded: Bool { phase == .succeeded || phase == .failed }

  /// What it belongs to, such as a ReplicaSet; nil when nothing manages it.
  public var controller: OwnerReference? { metadata.owners.first(where: \.isController) }

  /// The number of ``deletionCostAnnotation``, as a ReplicaSet reads it: nil when there is none, or it is none.
  public var deletionCost: Int32? { metadata.annotations[Self.deletionCostAnnotation].flatMap { Int32($0) } }
}
