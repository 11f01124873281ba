internal import Autoscaling
internal import KubernetesClient

/// The pods of an object that is scaled, watched while somebody asks for them.
actor TargetPods: ScaleInCluster {
  private let object: ClusterObject
  private let target: ScaleTarget
  private let view: ClusterView
  private let client: KubernetesClient
  private var watch: Watch<Pod>?
  private var isHonored: Bool?

  /// How long one question, or the first list of the pods, may take.
  private static let patience: Duration = .seconds(5)

  init(_ object: ClusterObject, target: ScaleTarget, view: ClusterView, client: KubernetesClient) {
    self.object = object
    self.target = target
    self.view = view
    self.client = client
  }

  func observe() async throws(TargetError) -> TargetObservation { try await target.observe() }

  func setReplicas(
    _ replicas: Int, basedOn revision: TargetRevision, deadline: Duration?
  ) async throws(TargetError) {
    try await target.setReplicas(replicas, basedOn: revision, deadline: deadline)
  }

  func pods() async throws(TargetError) -> [Pod] {
    let watch = try await watching()
    let snapshot = try await watch.listed(within: Self.patience)
    // What was known before a silence may be long past.
    if let problem = snapshot.problem { throw TargetError(problem) }
    return (snapshot.objects ?? [:]).values.sorted { $0.metadata.name < $1.metadata.name }
  }

  func hasOnly(_ uids: Set<String>) async throws(TargetError) -> Bool {
    let selection = Selection(namespace: object.namespace, labels: try await selector())
    let pods: [Pod]
    do {
      pods = try await client.list(Pod.self, selection).items
    } catch {
      throw TargetError(error)
    }
    let isComplete = pods.allSatisfy { pod in
      pod.isTerminating || pod.hasEnded || pod.metadata.uid.map(uids.contains) == true
    }
    if !isComplete { endWatching() }
    return isComplete
  }

  func endWatching() {
    watch?.end()
    watch = nil
  }

  func annotate(
    _ pod: ScaleInPodReference, _ key: String, _ value: String?, basedOn revision: String?, deadline: Duration
  ) async throws(TargetError) {
    do {
      _ = try await client.annotate(
        Pod.self, pod.name, in: object.namespace, uid: pod.uid, [key: value],
        resourceVersion: revision, options: WriteOptions(deadline: deadline))
    } catch {
      // What is gone has no annotations.
      let isGone = error.code == .notFound || (error.code == .conflict && revision == nil)
      guard value == nil, isGone else { throw TargetError(error) }
    }
  }

  func honorsDeletionCost() async throws(TargetError) -> Bool {
    if let isHonored { return isHonored }
    let text: String
    do {
      text = try await client.version()
    } catch {
      throw TargetError(error)
    }
    guard let version = KubernetesVersion(text) else {
      throw TargetError(.unavailable, "\"\(text)\" is not a version of Kubernetes")
    }
    isHonored = version.honorsDeletionCost
    return version.honorsDeletionCost
  }

  private func watching() async throws(TargetError) -> Watch<Pod> {
    if let watch { return watch }
    let selector = try await selector()
    if let watch { return watch }
    let made = await view.watchPods(Selection(namespace: object.namespace, labels: selector))
    if let watch {
      made.end()
      return watch
    }
    watch = made
    return made
  }

  private func selector() async throws(TargetError) -> String {
    let sight = try await view.look(at: object)
    var selector = sight.object.podSelector?.text ?? ""
    if selector.isEmpty {
      do {
        selector = try await client.scale(
          of: sight.resource, object.name, in: object.namespace, deadline: Self.patience
        ).selector
      } catch {
        throw TargetError(error)
      }
    }
    // Without one, all pods of the namespace would be taken for its own.
    guard !selector.isEmpty else {
      throw TargetError(
        .refused,
        "\(object) does not say which pods are its own, so none can be chosen; scaleDown.cordon: none leaves that to it"
      )
    }
    return selector
  }
}
