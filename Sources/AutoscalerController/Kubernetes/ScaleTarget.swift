internal import Autoscaling
internal import KubernetesClient

/// An object of a cluster, whose replicas are set through its `scale` subresource.
///
/// Each change says which version of the object it is based on, so that it is refused when anything about the
/// object has changed since: a decision that overlooked something is never carried out.
actor ScaleTarget: ScalingTarget {
  private let object: ClusterObject
  private let view: ClusterView
  private let client: KubernetesClient
  private let permit: WritePermit
  private let isServerDryRun: Bool

  /// What the API server itself said, for as long as the watch has not moved on from where it was then.
  private struct Answer {
    let replicas: Int
    let version: String
    /// The version that the watch had reached.
    let watched: String?
  }

  private var answer: Answer?
  /// Whether the watch is not to be relied on: a change was refused, or it is not certain what became of it.
  private var mustAsk = false

  /// How long one question may take.
  private static let patience: Duration = .seconds(5)

  /// - Parameter isServerDryRun: Whether changes are sent for the API server to check and then forget.
  init(
    _ object: ClusterObject, view: ClusterView, client: KubernetesClient, permit: WritePermit,
    isServerDryRun: Bool
  ) {
    self.object = object
    self.view = view
    self.client = client
    self.permit = permit
    self.isServerDryRun = isServerDryRun
  }

  // Nothing to do meanwhile, and nothing to end: the replicas stay as they are.
  func run() async {}
  func end() async {}

  func observe() async throws(TargetError) -> TargetObservation {
    let scale = try await scale(try await view.look(at: object))
    // Looked at again, so that it is no older than the version that a change will be based on.
    let sight = try await view.look(at: object)
    return TargetObservation(
      replicas: scale.replicas, revision: TargetRevision(value: scale.version), pause: try await pause(sight))
  }

  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError) {
    guard let deadline = permit.deadline() else {
      throw TargetError(.notLeading, "not set to \(replicas): another autoscaler leads, or none does yet")
    }
    let sight = try await view.look(at: object)
    // Until the answer is there, nobody knows what became of the change.
    mustAsk = true
    do {
      let scale = try await client.setReplicas(
        of: sight.resource, object.name, in: object.namespace, to: replicas,
        resourceVersion: revision.value, options: WriteOptions(isDryRun: isServerDryRun, deadline: deadline))
      mustAsk = false
      guard !isServerDryRun else { return }
      answer = Answer(
        replicas: scale.replicas, version: scale.metadata.resourceVersion ?? "",
        watched: sight.object.metadata.resourceVersion)
    } catch {
      throw TargetError(error)
    }
  }

  // MARK: Looking

  private func scale(_ sight: ClusterView.Sight) async throws(TargetError) -> (replicas: Int, version: String)
  {
    let watched = sight.object.metadata.resourceVersion
    if sight.isCurrent, !mustAsk {
      if let answer, answer.watched == watched { return (answer.replicas, answer.version) }
      answer = nil
      if object.kind.knownResource != nil {
        return (sight.object.declaredReplicas ?? 1, watched ?? "")
      }
    }
    let scale: Scale
    do {
      scale = try await client.scale(
        of: sight.resource, object.name, in: object.namespace, deadline: Self.patience)
    } catch {
      throw TargetError(error)
    }
    let version = scale.metadata.resourceVersion ?? ""
    let newest = try await view.look(at: object)
    let reached = newest.object.metadata.resourceVersion
    if newest.isCurrent, reached != version {
      // A scale says nothing of a pause that came with its version, so what the watch has told so far is the
      // basis. If that is too old, the change is refused.
      guard object.kind.knownResource != nil else {
        throw TargetError(.conflict, "\(object) has changed, and the watch has not told yet how")
      }
      return (newest.object.declaredReplicas ?? 1, reached ?? "")
    }
    answer = Answer(replicas: scale.replicas, version: version, watched: reached)
    mustAsk = false
    return (scale.replicas, version)
  }

  private func pause(_ sight: ClusterView.Sight) async throws(TargetError) -> ScalingPause? {
    if let other = try await view.otherAutoscaler(of: object) {
      return ScalingPause(.otherAutoscaler, cause: other)
    }
    guard sight.object.isPaused else { return nil }
    return ScalingPause(cause: "annotation \(ScaledObject.pauseAnnotation)")
  }
}
