internal import Autoscaling
internal import KubernetesClient

/// What a scale-in sees and does in a cluster.
///
/// Every call ends within a time that the cluster states itself.
protocol ScaleInCluster: Sendable {
  /// The replicas that are wanted now.
  func observe() async throws(TargetError) -> TargetObservation
  /// Sets them, if the target has not changed since.
  /// - Parameter deadline: How long that may take; nil for as long as a change usually may.
  func setReplicas(
    _ replicas: Int, basedOn revision: TargetRevision, deadline: Duration?
  ) async throws(TargetError)
  /// The pods of the target. From the first call on they are watched.
  func pods() async throws(TargetError) -> [Pod]
  /// Asks the API server itself whether there are no pods but these, as a watch may be silent for long before anybody
  /// knows that it is dead. One that has missed a pod is ended.
  /// - Parameter uids: The pods that are known.
  func hasOnly(_ uids: Set<String>) async throws(TargetError) -> Bool
  /// Ends watching the pods until they are asked for again.
  func endWatching() async
  /// Sets an annotation of a pod, or takes it away, if that pod is still there.
  /// - Parameter revision: The version that the pod must have still; nil for any.
  func annotate(
    _ pod: ScaleInPodReference, _ key: String, _ value: String?, basedOn revision: String?, deadline: Duration
  ) async throws(TargetError)
  /// Whether the cluster's version is one that takes away the pods with the lowest deletion cost.
  func honorsDeletionCost() async throws(TargetError) -> Bool
}
