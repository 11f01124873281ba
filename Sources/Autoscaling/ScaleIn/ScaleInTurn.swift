/// One step of a scale-in while it is worked out.
struct ScaleInTurn {
  let policy: ScaleInPolicy
  let view: ScaleInView
  let wanted: Int
  let now: ScalingInstant
  var memory: ScaleInMemory
  var actions: [ScaleInAction] = []
  var obstacles: [ScaleInObstacle] = []
  var findings: [ScaleInFinding] = []
  var busyCosts: [ScaleInBusyCost] = []
  /// Whether there are costs of busy pods that are to be taken away, now or later.
  var mustTakeBusyCosts = false
  private(set) var standings: [(pod: ScaleInPod, standing: ScaleInStanding)] = []

  init(
    _ policy: ScaleInPolicy, _ view: ScaleInView, _ memory: ScaleInMemory, wanted: Int, now: ScalingInstant
  ) {
    self.policy = policy
    self.view = view
    self.memory = memory
    self.wanted = max(wanted, 0)
    self.now = now
  }

  mutating func run() -> ScaleInStep {
    findings = memory.take(view, policy: policy, now: now)
    standings = view.pods.map { ($0, policy.standing(of: $0, in: view, memory, now: now)) }
    if wanted > view.target.replicas {
      // First of all: it also puts an end to a smaller number that is still on its way.
      actions.append(.setReplicas(wanted, revision: view.target.revision))
    }
    let choice = choose()
    release(everyBut: choice.chosen + choice.exposed)
    let isCordoned = cordon(choice)
    if isCordoned, !choice.chosen.isEmpty || wanted < view.target.replicas { shrink(choice) }
    cancelStrayOrders()
    noteRemoval()
    weighBusy(choice)
    let isLeftover =
      mustTakeBusyCosts || view.pods.contains { $0.mark != nil || view.orders[$0.name] != nil }
    let isUnderWay =
      !choice.chosen.isEmpty || !actions.isEmpty || isLeftover || memory.change != nil || view.surplus > 0
    return ScaleInStep(
      actions: actions, busyCosts: busyCosts, obstacles: obstacles, findings: findings,
      chosen: choice.chosen.map(\.name), isUnderWay: isUnderWay)
  }

  // MARK: Choosing

  /// How many replicas there should be after this attempt. As long as a smaller number may still arrive, no fewer
  /// pods than for that one are kept out of service.
  var goal: Int {
    if wanted > view.target.replicas { return wanted }
    return isRetryDue ? min(wanted, owed) : owed
  }

  /// The replicas that the target has been told, or may have been told.
  private var owed: Int { min(view.target.replicas, memory.change?.replicas ?? .max) }

  private var isRetryDue: Bool { memory.retryAt == nil }

  private mutating func choose() -> ScaleInChoice {
    giveUpIfTooLong()
    let count = view.pods.count - goal
    let isOneSet = view.replicaSets <= 1
    let isOrderKnown = isOneSet && policy.victims == .deletionCost && !memory.distrustsCosts
    var choice = ScaleInChoice(
      count, of: standings, isOrderKnown: isOrderKnown, policy, view, memory)
    if !isOneSet, count > 0 {
      if goal >= view.target.replicas {
        // More pods than replicas are usual now. Those that an attempt before took out of service are left so for
        // as long as its removal may take.
        choice = ScaleInChoice(keeping: now < balanceEnds ? standings : [])
      } else if choice.chosen.isEmpty {
        obstacles.append(.rollout(replicaSets: view.replicaSets))
      }
    }
    if wanted < view.target.replicas { obstacles += choice.obstacles }
    let chosen = Set(choice.chosen.map(\.uid))
    for (pod, standing) in standings
    where standing == .busy && memory.chosen.contains(pod.uid) && !chosen.contains(pod.uid) {
      findings.append(.tookWork(worker: pod.name))
    }
    memory.chosen = chosen
    return choice
  }

  /// When the target is taken to have done all that it can do about its pods.
  var balanceEnds: ScalingInstant { (memory.balanceSince ?? now).advanced(by: policy.removalDeadline) }

  /// An attempt that does not get as far as changing the replicas is undone and begun anew later.
  private mutating func giveUpIfTooLong() {
    let isAttempt = wanted < view.target.replicas && memory.change == nil && !memory.chosen.isEmpty
    guard isAttempt else {
      memory.attemptSince = nil
      if wanted >= view.target.replicas { memory.retryAt = nil }
      if let retryAt = memory.retryAt { obstacles.append(.retrying(at: retryAt)) }
      return
    }
    let since = memory.attemptSince ?? now
    memory.attemptSince = since
    guard since.advanced(by: policy.attemptDeadline) <= now else { return }
    let retryAt = now.advanced(by: policy.retryAfter)
    memory.attemptSince = nil
    memory.retryAt = retryAt
    obstacles.append(.retrying(at: retryAt))
  }
}
