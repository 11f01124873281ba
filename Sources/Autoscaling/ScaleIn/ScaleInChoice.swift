/// Which pods are to go, and which others have to be out of service for that.
struct ScaleInChoice {
  /// The pods that are to go.
  private(set) var chosen: [ScaleInPod] = []
  /// Pods that are not to go, but may be taken instead of a chosen one.
  private(set) var exposed: [ScaleInPod] = []
  /// Why fewer are chosen than are to go.
  private(set) var obstacles: [ScaleInObstacle] = []

  /// No pod is to go, and those that are out of service stay so.
  init(keeping pods: [(pod: ScaleInPod, standing: ScaleInStanding)]) {
    exposed = pods.filter { $0.standing == .outOfService }.map(\.pod)
  }

  /// - Parameters:
  ///   - count: How many pods are to go; all are chosen or as many as may go.
  ///   - isOrderKnown: Whether the target takes chosen pods first; otherwise all are exposed.
  init(
    _ count: Int, of pods: [(pod: ScaleInPod, standing: ScaleInStanding)], isOrderKnown: Bool,
    _ policy: ScaleInPolicy, _ view: ScaleInView, _ memory: ScaleInMemory
  ) {
    guard count > 0 else { return }
    let candidates = pods.filter { policy.mayGo($0.standing, view) }
    let rest = pods.filter { !policy.mayGo($0.standing, view) }
    let ranked = candidates.map { (rank: Rank($0.pod, $0.standing, view, memory), pod: $0.pod) }
      .sorted { $0.rank < $1.rank }
    chosen = ranked.prefix(count).map(\.pod)
    let others = ranked.dropFirst(count).map(\.pod)
    exposed = isOrderKnown ? others.filter { $0.condition < .ready } : others
    if chosen.count < count || !isOrderKnown { obstacles = Self.obstacles(rest.map(\.standing)) }
    // A pod that may not go and may be taken all the same: nothing can be done until that has changed.
    if !policy.allowBusy {
      let blocking = isOrderKnown ? rest.first { $0.pod.condition < .ready } : rest.first
      if let blocking {
        chosen = []
        exposed = []
        if isOrderKnown { obstacles.append(.notReady(pod: blocking.pod.name)) }
      }
    }
  }

  private static func obstacles(_ standings: [ScaleInStanding]) -> [ScaleInObstacle] {
    func count(_ standing: ScaleInStanding, _ obstacle: (Int) -> ScaleInObstacle) -> ScaleInObstacle? {
      let count = standings.count { $0 == standing }
      return count > 0 ? obstacle(count) : nil
    }
    return [
      count(.busy) { .workersBusy($0) }, count(.unknown) { .workersUnknown($0) },
      count(.unmapped) { .unmappedWorkers($0) }, count(.free) { .notCordonable($0) },
      count(.starting) { .starting($0) },
    ].compactMap(\.self)
  }

  /// The order in which pods are chosen: in which they would go anyway; who is out of service already, so that an
  /// attempt sticks to its choice; the idle before the busy; the one that was busy the longest time ago, or that
  /// works for the shortest time; the newest.
  private struct Rank: Comparable {
    let pod: ScaleInPod
    let effort: Int
    /// When it was last busy, or, the other way round, when it began to be: nil for unknown.
    let activity: Duration?

    init(_ pod: ScaleInPod, _ standing: ScaleInStanding, _ view: ScaleInView, _ memory: ScaleInMemory) {
      self.pod = pod
      switch standing {
      case .outOfService: effort = pod.mark != nil ? 0 : 1
      case .idle(let isAsked): effort = isAsked ? 2 : 3
      case .free, .unmapped: effort = 4
      case .busy, .unknown, .starting: effort = 5
      }
      activity =
        standing == .busy
        ? view.workers[pod.name]?.busySince.map { .zero - $0.offset } : memory.pods[pod.uid]?.lastBusy?.offset
    }

    static func < (left: Rank, right: Rank) -> Bool {
      if left.pod.condition != right.pod.condition { return left.pod.condition < right.pod.condition }
      if left.effort != right.effort { return left.effort < right.effort }
      if left.activity != right.activity {
        guard let leftActivity = left.activity, let rightActivity = right.activity else {
          return left.activity == nil
        }
        return leftActivity < rightActivity
      }
      if left.pod.createdAt != right.pod.createdAt {
        guard let leftCreated = left.pod.createdAt, let rightCreated = right.pod.createdAt else {
          return left.pod.createdAt == nil
        }
        return leftCreated > rightCreated
      }
      return (left.pod.name, left.pod.uid) < (right.pod.name, right.pod.uid)
    }
  }
}

extension ScaleInPolicy {
  /// Whether a pod may be chosen.
  func mayGo(_ standing: ScaleInStanding, _ view: ScaleInView) -> Bool {
    switch standing {
    case .outOfService, .idle: true
    case .busy: allowBusy
    case .unknown, .starting: false
    case .free: cordon == .none || view.observation.graceCoversWork
    case .unmapped: view.observation.graceCoversWork || view.isEverythingIdle
    }
  }
}
