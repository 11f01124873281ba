internal import Autoscaling
internal import Colonies
internal import KubernetesClient
internal import Locking
internal import Logging
internal import Timekeeping

/// An object of a cluster whose workers are taken away without taking one that is busy.
///
/// Growing is done at once. Shrinking is handed to a task of its own, which looks and does the next step again and
/// again, as ``ScaleInPolicy/step(_:wanted:memory:now:)`` says, until there are as few replicas as wanted or that is
/// not wanted any more. So nothing that takes time there delays a decision.
///
/// What it does leaves its marks on the pods and orders at the queue. Whoever leads next finds and undoes them.
actor ScaleInTarget: ScalingTarget {
  /// Fewer replicas that are wanted.
  struct Wish {
    let replicas: Int
    /// When it was last confirmed.
    var at: Duration
    /// Told when the replicas have been changed.
    let changed: @Sendable (Int) async -> Void
  }

  let scaler: ScalerConfiguration
  let cluster: any ScaleInCluster
  let permit: WritePermit
  let queue: any WorkerQueue
  let time: Timekeeper
  let logger: Logger
  private let isServerDryRun: Bool
  let announce: @Sendable (DecisionNote) -> Void
  let names: PodNames
  let look: ScaleInLook

  var metrics: ScalerMetrics
  var memory = ScaleInMemory()
  /// The drain orders that are known, by id.
  var orders: [String: KnownOrder] = [:]
  /// The ids of the workers that may have been rejected to be taken away, and were not approved again.
  var rejected: Set<String> = []
  /// When to look for orders that are not known; nil when there are none.
  var orderSearch: Duration?
  /// When workers were last known to hold work, by their ids; nil before that was asked.
  var lastBusy: [String: ScalingInstant]?
  var orphans = ScaleInOrphans()
  /// Until when something that was sent, and of which it is not known what became of it, may still arrive.
  var doubtfulUntil: Duration
  private(set) var wish: Wish?
  /// The one that the turn that is under way follows.
  private(set) var pursued: Wish?
  /// What keeps the replicas from being as few as wanted.
  private var obstacles: [ScaleInObstacle] = []
  private var problem: String?
  private var isUnderWay = false
  /// Whether what others may have left behind was looked for.
  private var isSwept = false
  private var hasDecided = false
  var lastSweep: Duration
  private var isEnded = false
  private var wake = Latch()
  var told: [String: Duration] = [:]

  /// The time between two looks while something is under way.
  static let stride: Duration = .milliseconds(500)
  /// The time between two looks while nothing but orders are left that end by themselves.
  private static let patience: Duration = .seconds(5)
  /// How many workers are taken away in one go: each is asked about in every look.
  static let batch = 20
  /// The longest time between two looks for workers whose pods are gone.
  private static let longestSweepInterval: Duration = .seconds(60)
  /// How long the end may take to undo what is under way.
  private static let farewell: Duration = .seconds(5)

  /// - Parameter announce: Tells people who look at the target.
  init(
    _ scaler: ScalerConfiguration, cluster: any ScaleInCluster, names: PodNames, permit: WritePermit,
    isServerDryRun: Bool, queue: any WorkerQueue, time: Timekeeper, logger: Logger,
    metrics: ControllerMetrics, announce: @escaping @Sendable (DecisionNote) -> Void
  ) {
    self.scaler = scaler
    self.cluster = cluster
    self.names = names
    self.permit = permit
    self.isServerDryRun = isServerDryRun
    self.queue = queue
    self.time = time
    self.logger = logger
    self.announce = announce
    self.metrics = ScalerMetrics(metrics, scaler: scaler.name)
    look = ScaleInLook(scaler: scaler, cluster: cluster, queue: queue, names: names, time: time)
    orderSearch = time.now()
    lastSweep = time.now()
    doubtfulUntil = time.now()
  }

  // MARK: ScalingTarget

  func observe() async throws(TargetError) -> TargetObservation { try await cluster.observe() }

  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError) {
    try await cluster.setReplicas(replicas, basedOn: revision, deadline: nil)
  }

  func pursue(
    _ replicas: Int, from seen: TargetObservation, changed: @escaping @Sendable (Int) async -> Void
  ) async throws(TargetError) -> ScalingProgress {
    hasDecided = true
    if replicas >= seen.replicas {
      if wish != nil || !isSwept { wake.open() }
      wish = nil
      guard replicas > seen.replicas else { return .unchanged }
      try await cluster.setReplicas(replicas, basedOn: seen.revision, deadline: nil)
      return .changed
    }
    if isServerDryRun {
      await rehearse(replicas)
      try await cluster.setReplicas(replicas, basedOn: seen.revision, deadline: nil)
      return .changed
    }
    if wish?.replicas != replicas { wake.open() }
    wish = Wish(replicas: replicas, at: time.now(), changed: changed)
    return .underWay(ScaleInWait(wanted: replicas, obstacles: obstacles, problem: problem))
  }

  func end() {
    isEnded = true
    wish = nil
    wake.open()
  }

  func run() async {
    while !isEnded, !Task.isCancelled {
      wake = Latch()
      let rest = await turn()
      let time = time
      // Ends early by cancellation, which the loop sees.
      await wake.whileClosed { try? await time.sleep(rest) }
    }
    await leave()
    await cluster.endWatching()
    metrics.destroy()
  }

  /// The time between two looks for workers whose pods are gone.
  private var sweepInterval: Duration {
    min(scaler.scaleIn?.orphansAfter ?? Self.longestSweepInterval, Self.longestSweepInterval)
  }

  // MARK: Turns

  /// Does what there is to do.
  /// - Returns: How long until it is worth looking again, if nobody wants anything before.
  func turn() async -> Duration {
    // The API server can be asked to rehearse, the Colonies server cannot: what is done there is done.
    guard !isServerDryRun else { return Self.longestSweepInterval }
    guard hasDecided, permit.deadline() != nil else { return Self.stride }
    if let wish, time.now() - wish.at > scaler.policy.stalenessLimit { self.wish = nil }
    let isSweepDue = scaler.ownerCredentials != nil && time.now() - lastSweep >= sweepInterval
    guard wish != nil || isUnderWay || !isSwept || isSweepDue || !orders.isEmpty else {
      await cluster.endWatching()
      lastBusy = nil
      return sweepInterval
    }
    if wish == nil, !isUnderWay, !isSwept, orders.isEmpty, await isClean() {
      isSwept = true
      return .zero
    }
    let pauseBegan = await step(isSweep: isSweepDue)
    return max(pause - (time.now() - pauseBegan), .zero)
  }

  /// The time between this look and the next one.
  private var pause: Duration {
    if isUnderWay { return Self.stride }
    // Orders to workers that are ending, or that somebody else has to let free.
    return max(scaler.policy.pollInterval, wish == nil ? Self.patience : Self.stride)
  }

  /// Whether nobody has left anything behind, as far as that can be seen cheaply.
  private func isClean() async -> Bool {
    guard !isInDoubt, await queue.openOrders().isEmpty else { return false }
    do throws(TargetError) {
      return try await !cluster.pods().contains { pod in
        pod.metadata.annotations[ScaleInMark.annotation] != nil
          || pod.deletionCost.map(ScaleInBusyCost.range.contains) == true
      }
    } catch {
      warn("the pods are not known: \(error)", "scaleInBlind")
      return false
    }
  }

  /// Whether something may still arrive that has to be undone then.
  private var isInDoubt: Bool { time.now() < doubtfulUntil }

  /// Looks, and does what is to be done next.
  /// - Returns: When it was done, but for the costs of busy pods, which are written in the pause that follows.
  @discardableResult
  private func step(isSweep: Bool) async -> Duration {
    pursued = wish
    let wanted = wish?.replicas
    let sight = await see()
    for problem in sight.problems { warn(problem, "scaleInBlind") }
    let decidedAt = time.now()
    let now = time.instant()
    let current = sight.observation.target?.replicas ?? 0
    // The fewest that are wanted in this turn: growing is not done here.
    let goal = wanted.map { min(max($0, current - Self.batch), current) } ?? current
    let step = policy(sight).step(sight.observation, wanted: goal, memory: &memory, now: now)
    obstacles = step.obstacles
    problem = sight.problems.first
    tell(step)
    let isDone = await perform(step.actions, sight, decidedAt: decidedAt)
    isUnderWay = step.isUnderWay || !isDone || isInDoubt
    if wanted != nil {
      // Busy pods may have costs, which are looked for when it is over.
      isSwept = false
    } else if sight.problems.isEmpty, !isUnderWay {
      isSwept = true
    }
    metrics.setCordonedWorkers(Set(orders.values.map(\.addressee)).count + rejected.count)
    if isSweep || wanted != nil { await unregisterOrphans(sight) }
    let pauseBegan = time.now()
    if isDone { await write(step.busyCosts) }
    return pauseBegan
  }

  /// Undoes what is under way, if that is quick; otherwise whoever leads next does, and orders end by themselves.
  ///
  /// Waits for what may still arrive in any case: whoever leads next knows nothing of it, and may lead at once.
  private func leave() async {
    let end = max(time.now(), doubtfulUntil) + Self.farewell
    while permit.deadline() != nil, !Task.isCancelled {
      let isWorthIt = isUnderWay && (!orders.isEmpty || !rejected.isEmpty) && time.now() < end
      guard isWorthIt || time.now() < doubtfulUntil else { return }
      // A call that does not answer is given up, too; what it may have done is in doubt, and waited for.
      if isWorthIt { _ = try? await time.within(end - time.now()) { await self.step(isSweep: false) } }
      // Cancelled: the loop sees it.
      try? await time.sleep(.milliseconds(100))
    }
  }

  /// Tells the log which workers would go.
  func rehearse(_ replicas: Int) async {
    let sight = await see()
    var memory = ScaleInMemory()
    let step = policy(sight).step(
      sight.observation, wanted: replicas, memory: &memory, now: time.instant())
    let now = time.instant()
    let obstacles = (sight.problems + step.obstacles.map { $0.text(at: now) }).joined(separator: "; ")
    let chosen =
      step.chosen.isEmpty ? "no worker could go" : "would take away \(step.chosen.joined(separator: ", "))"
    let text = "dry run: \(chosen)\(obstacles.isEmpty ? "" : " (\(obstacles))")"
    guard isNews(text) else { return }
    logger.info(
      "\(text)",
      metadata: [
        "event": "scaleInRehearsed", "chosen": .array(step.chosen.map { "\($0)" }),
        "dryRun": .stringConvertible(true),
      ])
  }

  /// Whether so few replicas are still wanted, if the turn that is under way began because they were.
  func wantsNoMore(than replicas: Int) -> Bool {
    guard pursued != nil else { return true }
    return wish.map { $0.replicas <= replicas } ?? false
  }

  /// Tells that the replicas have been changed.
  func changed(to replicas: Int) async {
    guard let pursued else { return }
    if let wish, replicas <= wish.replicas { self.wish = nil }
    await pursued.changed(replicas)
  }
}
