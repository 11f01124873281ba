package import KubernetesClient

/// Which pods of a ReplicaSet go first when it is to have fewer, as the controllers of Kubernetes since 1.22 decide
/// (`ActivePodsWithRanks` in kubernetes `pkg/controller/controller_utils.go`), without the coarse steps of age
/// that those may use.
package struct VictimOrder: Sendable, Hashable, Comparable {
  /// Whether it is bound to a node.
  package var isAssigned: Bool
  package var phase: Pod.Phase
  /// How dear its deletion is said to be.
  package var deletionCost: Int32
  /// How many pods of the same owner are on its node, itself included.
  package var siblings: Int
  /// Since when it is ready, in seconds; nil while it is not.
  package var readySince: Int64?
  /// How often its containers were started again.
  package var restarts: Int
  /// When it was made, in seconds.
  package var creation: Int64

  package init(
    isAssigned: Bool = true, phase: Pod.Phase = .running, deletionCost: Int32 = 0, siblings: Int = 1,
    readySince: Int64? = 0, restarts: Int = 0, creation: Int64 = 0
  ) {
    self.isAssigned = isAssigned
    self.phase = phase
    self.deletionCost = deletionCost
    self.siblings = siblings
    self.readySince = readySince
    self.restarts = restarts
    self.creation = creation
  }

  package init(_ observed: ObservedPod, siblings: Int) {
    let pod = observed.pod
    self.init(
      isAssigned: pod.nodeName != nil, phase: pod.phase, deletionCost: pod.deletionCost ?? 0,
      siblings: siblings,
      readySince: pod.isReady ? pod.readySince?.wholeSeconds ?? 0 : nil, restarts: observed.restarts,
      creation: pod.metadata.creationTimestamp?.wholeSeconds ?? 0)
  }

  /// Whether the left one goes before the right one.
  package static func < (left: VictimOrder, right: VictimOrder) -> Bool {
    if left.isAssigned != right.isAssigned { return !left.isAssigned }
    if left.phaseRank != right.phaseRank { return left.phaseRank < right.phaseRank }
    if (left.readySince == nil) != (right.readySince == nil) { return left.readySince == nil }
    if left.deletionCost != right.deletionCost { return left.deletionCost < right.deletionCost }
    if left.siblings != right.siblings { return left.siblings > right.siblings }
    if let mine = left.readySince, let theirs = right.readySince, mine != theirs { return mine > theirs }
    if left.restarts != right.restarts { return left.restarts > right.restarts }
    return left.creation > right.creation
  }

  private var phaseRank: Int {
    switch phase {
    case .pending: 0
    case .unknown: 1
    case .running: 2
    // Those that have ended are no pods that could stay.
    case .succeeded, .failed: 3
    }
  }

  /// The pods that go.
  /// - Parameters:
  ///   - active: The pods of one ReplicaSet.
  ///   - related: The active pods of all ReplicaSets of the same owner, which count as siblings.
  ///   - randomness: Chooses among those that are alike in everything, as nothing says which of them goes.
  package static func victims(
    _ count: Int, of active: [ObservedPod], related: [ObservedPod],
    using randomness: inout some RandomNumberGenerator
  ) -> [ObservedPod] {
    let onNodes = Dictionary(grouping: related, by: \.pod.nodeName).mapValues(\.count)
    let ranked = active.shuffled(using: &randomness).map { pod in
      (
        pod: pod,
        order: VictimOrder(pod, siblings: pod.pod.nodeName == nil ? 0 : onNodes[pod.pod.nodeName] ?? 0)
      )
    }
    return ranked.sorted { $0.order < $1.order }.prefix(count).map(\.pod)
  }
}

extension KubernetesTime {
  fileprivate var wholeSeconds: Int64 { microseconds / 1_000_000 }
}
