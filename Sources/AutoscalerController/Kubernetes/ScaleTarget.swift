internal import Autoscaling
internal import KubernetesClient
internal import Timekeeping

/// An object of a cluster, whose replicas are set through its `scale` subresource.
///
/// Each change says which version of the object it is based on, so that it is refused when anything about the
/// object has changed since: a decision that overlooked something is never carried out. A decision to change nothing
/// has no such check, so it relies on a watch only for as long as that was heard lately.
actor ScaleTarget: ScalingTarget {
  private let object: ClusterObject
  private let view: ClusterView
  private let client: KubernetesClient
  private let permit: WritePermit
  private let isServerDryRun: Bool
  private let time: Timekeeper
  private let longestSilence: Duration

  /// An object's state that a decision is based on.
  private struct Answer {
    let replicas: Int
    let version: String
    let generation: Int?
    let isPaused: Bool
  }

  /// What the API server itself said, for as long as the watch has not moved on from where it was then.
  private struct DirectAnswer {
    let answer: Answer
    /// The version that the watch had reached.
    let watched: String?
    /// When the API server was asked.
    let asked: Duration
  }

  private var direct: DirectAnswer?
  /// Whether the watch is not to be relied on: a change was refused, or it is not certain what became of it.
  private var mustAsk = false

  /// What was found when pods were looked at last.
  private var looked: (shortage: CapacityShortage?, at: Duration)?

  /// How long that is relied on.
  static let lookInterval: Duration = .seconds(10)
  /// How long one question may take.
  private static let patience: Duration = .seconds(5)
  /// How long a silent watch of an object with replicas is relied on. A connection may be dead without anybody
  /// knowing, and this bounds how long it is overlooked that somebody else took replicas away, which keeps work
  /// waiting. Bookmarks come once a minute and a few seconds late at most, so that any less would be a question a
  /// minute for each target at rest. Servers send none as long as nothing of the kind has changed since the watch
  /// began: there it is one question in ``WatchOptions/idleTimeout``. Where there are no replicas, only that is the
  /// bound: replicas too many harm nobody for that long.
  static let longestSilence: Duration = .seconds(70)

  /// - Parameters:
  ///   - isServerDryRun: Whether changes are sent for the API server to check and then forget.
  ///   - longestSilence: How long a silent watch is relied on.
  init(
    _ object: ClusterObject, view: ClusterView, client: KubernetesClient, permit: WritePermit,
    isServerDryRun: Bool, time: Timekeeper, longestSilence: Duration = ScaleTarget.longestSilence
  ) {
    self.object = object
    self.view = view
    self.client = client
    self.permit = permit
    self.isServerDryRun = isServerDryRun
    self.time = time
    self.longestSilence = longestSilence
  }

  // Nothing to do meanwhile, and nothing to end: the replicas stay as they are.
  func run() async {}
  func end() async {}

  func observe() async throws(TargetError) -> TargetObservation {
    let sight = try await view.look(at: object)
    let now = try await answer(sight)
    let none = object.kind.knownResource == nil ? nil : 0
    return TargetObservation(
      replicas: now.replicas, ready: sight.object.readyReplicas ?? none,
      revision: TargetRevision(value: now.version), generation: now.generation, pause: try await pause(now))
  }

  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError) {
    try await setReplicas(replicas, basedOn: revision, deadline: nil)
  }

  /// Sets them, if the object has not changed since.
  /// - Parameter limit: How long that may take; nil for as long as a change usually may.
  func setReplicas(
    _ replicas: Int, basedOn revision: TargetRevision, deadline limit: Duration?
  ) async throws(TargetError) {
    let begin = time.now()
    let sight = try await view.look(at: object)
    // Asked last, as it says how long what is sent now may take.
    guard let permitted = permit.deadline() else {
      throw TargetError(.notLeading, "not set to \(replicas): another autoscaler leads, or none does yet")
    }
    let deadline = limit.map { min(permitted, $0 - (time.now() - begin)) } ?? permitted
    // Until the answer is there, nobody knows what became of the change.
    mustAsk = true
    let sent = time.now()
    do {
      let scale = try await client.setReplicas(
        of: sight.resource, object.name, in: object.namespace, to: replicas,
        resourceVersion: revision.value, options: WriteOptions(isDryRun: isServerDryRun, deadline: deadline))
      mustAsk = false
      guard !isServerDryRun else { return }
      direct = DirectAnswer(
        // Nobody changes what is paused, and it is the object that the decision was about.
        answer: Answer(
          replicas: scale.replicas, version: scale.metadata.resourceVersion ?? "", generation: nil,
          isPaused: false),
        watched: sight.object.metadata.resourceVersion, asked: sent)
    } catch {
      throw TargetError(error)
    }
  }

  // MARK: Capacity

  func capacityShortage() async -> CapacityShortage? {
    // What cannot be looked at now is no shortage: a cap must not outlast the knowledge of it.
    guard let sight = try? await view.look(at: object) else { return nil }
    if let quota = sight.object.exceededQuota { return CapacityShortage(.quota, cause: quota) }
    guard let selector = sight.object.podSelector else { return nil }
    if let looked, time.now() - looked.at < Self.lookInterval { return looked.shortage }
    let shortage = await unschedulable(selector)
    looked = (shortage, time.now())
    return shortage
  }

  /// Looks for pods that no node has room for.
  private func unschedulable(_ selector: LabelSelector) async -> CapacityShortage? {
    let selection = Selection(
      namespace: object.namespace, labels: selector.text, fields: "status.phase=Pending")
    do {
      let pods = try await time.within(Self.patience) { [client] in
        try await client.list(Pod.self, selection)
      }
      let stuck = pods.items.compactMap { pod -> String? in
        guard !pod.isTerminating, let scheduled = pod.conditions["PodScheduled"], scheduled.status == .no,
          scheduled.reason == "Unschedulable"
        else { return nil }
        return scheduled.message
      }
      guard let message = stuck.first else { return nil }
      return CapacityShortage(.unschedulable, cause: "\(stuck.count) pending: \(message.prefix(200))")
    } catch {
      // Not known, as above; who may not list pods learns that from the check of the permissions.
      return nil
    }
  }

  // MARK: Looking

  private func answer(_ sight: ClusterView.Sight) async throws(TargetError) -> Answer {
    let watched = sight.object.metadata.resourceVersion
    if sight.isCurrent, !mustAsk {
      if let direct, direct.watched == watched {
        if isRecent(direct.answer, heard: min(sight.silence, time.now() - direct.asked)) {
          return direct.answer
        }
      } else {
        direct = nil
        let seen = Answer(
          replicas: sight.object.declaredReplicas ?? 1, version: watched ?? "",
          generation: sight.object.metadata.generation, isPaused: sight.object.isPaused)
        if object.kind.knownResource != nil, isRecent(seen, heard: sight.silence) { return seen }
      }
    }
    let asked = time.now()
    do {
      let answer = try await ask(sight.resource)
      direct = DirectAnswer(answer: answer, watched: watched, asked: asked)
      mustAsk = false
      return answer
    } catch {
      throw TargetError(error)
    }
  }

  /// Whether it may be relied on, as far as its age goes.
  private func isRecent(_ answer: Answer, heard silence: Duration) -> Bool {
    answer.replicas == 0 || silence < longestSilence
  }

  private func ask(_ resource: APIResource) async throws(KubernetesError) -> Answer {
    var scale: Scale?
    if object.kind.knownResource == nil {
      scale = try await client.scale(of: resource, object.name, in: object.namespace, deadline: Self.patience)
    }
    // A Scale does not have the annotations. When the object changes between the two answers, a change that
    // is based on the first is refused.
    let found = try ScaledObject(
      await client.get(resource, object.name, in: object.namespace, deadline: Self.patience))
    guard found.metadata.deletionTimestamp == nil else {
      throw KubernetesError(.notFound, "\(object) is being deleted")
    }
    return Answer(
      replicas: scale?.replicas ?? found.declaredReplicas ?? 1,
      version: (scale?.metadata ?? found.metadata).resourceVersion ?? "",
      generation: found.metadata.generation,
      isPaused: found.isPaused)
  }

  private func pause(_ answer: Answer) async throws(TargetError) -> ScalingPause? {
    if let other = try await view.otherAutoscaler(of: object) {
      return ScalingPause(.otherAutoscaler, cause: other)
    }
    guard answer.isPaused else { return nil }
    return ScalingPause(cause: "annotation \(ScaledObject.pauseAnnotation)")
  }
}
