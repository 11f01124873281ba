/// A pod of the target, as it was seen.
public struct ScaleInPod: Sendable, Hashable {
  /// How soon a ReplicaSet takes a pod away, before any cost is compared: the lowest first.
  public enum Condition: Int, Sendable, Hashable, Comparable {
    /// Not assigned to a node.
    case unscheduled
    /// Its containers have not started.
    case pending
    /// It runs and is not ready.
    case notReady
    /// It runs and is ready.
    case ready

    /// Whether a pod in the first condition goes before one in the second.
    public static func < (left: Condition, right: Condition) -> Bool { left.rawValue < right.rawValue }
  }

  /// Its name, under which its worker registers.
  public let name: String
  /// Its identity in the cluster: a name may come back, this never does.
  public let uid: String
  /// The uid of the ReplicaSet it belongs to; nil when it is not known or has none.
  public let owner: String?
  /// How soon it would be taken away.
  public let condition: Condition
  /// Whether it has been deleted and is ending; it does not count as a replica then.
  public let isTerminating: Bool
  /// When it was created; nil when it is not known.
  public let createdAt: ScalingInstant?
  /// The version of the pod that this was read from; nil when it is not known.
  public let revision: String?
  /// `controller.kubernetes.io/pod-deletion-cost`; nil without the annotation, which counts as 0.
  public let deletionCost: Int32?
  /// What the annotation ``ScaleInMark/annotation`` says; nil without it.
  public let mark: ScaleInMark?

  /// Describes a pod.
  public init(
    name: String, uid: String, owner: String? = nil, condition: Condition = .ready,
    isTerminating: Bool = false, createdAt: ScalingInstant? = nil, revision: String? = nil,
    deletionCost: Int32? = nil, mark: ScaleInMark? = nil
  ) {
    self.name = name
    self.uid = uid
    self.owner = owner
    self.condition = condition
    self.isTerminating = isTerminating
    self.createdAt = createdAt
    self.revision = revision
    self.deletionCost = deletionCost
    self.mark = mark
  }
}

extension ScaleInPod {
  var reference: ScaleInPodReference { ScaleInPodReference(name: name, uid: uid) }
}
