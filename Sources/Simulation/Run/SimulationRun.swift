internal import Autoscaling

/// A simulation on its way.
struct SimulationRun {
  let settings: Simulation
  let latency: SimulatedTime
  let answerTime: SimulatedTime
  let gracePeriod: SimulatedTime
  let lease: SimulatedTime?
  let recovery: SimulatedTime
  let tail: SimulatedTime
  let patience: SimulatedTime
  let deadline: SimulatedTime
  var faults: FaultRun
  let observer: ((SimulationEvent) -> Void)?
  let source = QueueSource(name: "the simulated queue", colony: "simulation")
  let otherSource = QueueSource(name: "another queue", colony: "another")

  var now: SimulatedTime = 0
  var events = EventQueue()
  var arrivals: ArrivalStream
  var waiting = WaitingQueue()
  var pool = PodPool()
  var creation: CreationRate
  var autoscaler: AutoscalerRun
  var scaleIn = ScaleInRun()
  var wanted = 0
  /// Processes that the queue takes to be running.
  var running = 0
  /// Processes whose worker was killed, until they are back.
  var lost = LostProcesses()
  var meter: LevelMeter
  var tally = SimulationTally()
  var waits = WaitHistogram()
  var doneList = DoneList()
  var jobSeconds = 0.0
  var random: SeededRandom
  /// When the last process ended.
  private var restingSince: SimulatedTime?

  init(
    _ settings: Simulation, _ workload: any SimulatedWorkload, _ model: any AutoscalerModel,
    observer: ((SimulationEvent) -> Void)?
  ) throws {
    self.settings = settings
    self.observer = observer
    faults = FaultRun(settings.faults)
    latency = SimulatedTime(settings.cluster.apiLatency)
    answerTime = SimulatedTime(settings.queue.answerTime)
    deadline = SimulatedTime(settings.queue.deadline)
    gracePeriod = SimulatedTime(settings.cluster.gracePeriod)
    lease = settings.queue.lease.map { SimulatedTime($0) }
    recovery = SimulatedTime(settings.queue.recovery)
    tail = SimulatedTime(settings.tail)
    patience = SimulatedTime(settings.patience)
    arrivals = ArrivalStream(try workload.makeProcesses(), executorType: settings.executorType)
    creation = CreationRate(settings.cluster)
    meter = LevelMeter(bins: settings.seriesBins)
    random = SeededRandom(seed: settings.seed, purpose: 1)
    autoscaler = AutoscalerRun(model, settings)
    wanted = max(settings.cluster.initialReplicas, model.initialReplicas)
    for _ in 0..<wanted {
      let place = pool.create(at: 0, uid: random.next())
      pool.becomeReady(place, at: 0)
    }
    for outage in faults.outages {
      events.add(.autoscalerStops, at: outage.begin)
      events.add(.autoscalerStarts, at: outage.end)
    }
  }

  mutating func run(_ progress: (Simulation.Progress) -> Void) throws -> SimulationOutcome {
    try arrivals.advance()
    var steps = 0
    while let next = nextMoment() {
      advance(to: next)
      try step()
      steps += 1
      if steps % 10_000 == 0 {
        try Task.checkCancellation()
        progress(currentProgress)
      }
    }
    progress(currentProgress)
    return outcome()
  }

  private var currentProgress: Simulation.Progress {
    Simulation.Progress(
      reached: now.duration, submitted: tally.submitted, ended: tally.done + tally.failed,
      decisions: tally.decisions)
  }

  /// When something happens next; nil when the simulation is over.
  private mutating func nextMoment() -> SimulatedTime? {
    let next = min(arrivals.nextAt, events.nextAt, autoscaler.nextAt)
    guard arrivals.nextAt == .max else {
      restingSince = nil
      return next
    }
    if waiting.isEmpty && running == 0 {
      let end = (restingSince ?? now).later(tail)
      if restingSince == nil { restingSince = now }
      guard next > end else { return next == .max ? nil : next }
      if end > now { advance(to: end) }
      return nil
    }
    restingSince = nil
    let end = arrivals.lastAt.later(patience)
    guard next > end else { return next }
    if end > now { advance(to: end) }
    return nil
  }

  private mutating func advance(to moment: SimulatedTime) {
    guard moment > now else { return }
    let levels = Levels(
      waiting: waiting.count, running: running, wanted: wanted, ready: pool.ready, leaving: pool.leaving,
      pods: pool.active + pool.leaving, busy: pool.occupied)
    meter.add(levels, from: now, to: moment)
    now = moment
  }

  /// Lets one thing happen: of the same moment, what was due goes before what arrives, and an autoscaler looks
  /// last.
  private mutating func step() throws {
    if events.nextAt == now {
      if let event = events.removeFirst() { happen(event) }
    } else if arrivals.nextAt == now {
      try arrive()
    } else {
      beginRound()
    }
  }

  private mutating func arrive() throws {
    guard let process = arrivals.next else { return }
    let wasAtRest = wanted == 0 && waiting.isEmpty
    tally.submitted += 1
    enqueue(process)
    try arrivals.advance()
    if wasAtRest { autoscaler.wake(at: now) }
  }

  private mutating func happen(_ event: EventQueue.Event) {
    let subject = Int(event.subject)
    switch event.kind {
    case .podsMayBeCreated: createPods()
    case .podIsReady:
      guard pool.holds(subject, generation: event.generation) else { return }
      pool.becomeReady(subject, at: now)
      assign()
    case .processEnds:
      guard pool.holds(subject, generation: event.generation) else { return }
      endProcess(subject)
    case .graceEnds:
      guard pool.holds(subject, generation: event.generation) else { return }
      kill(subject)
    case .leaseEnds: endLease(subject, event.generation)
    case .processIsBack: bringBack(subject)
    case .queueAnswers: answer(loop: subject, event.generation)
    case .replicasChange: setReplicas(subject)
    case .scaleInSettles: settleScaleIn(event.generation)
    case .scaleInArrives: carryOutScaleIn()
    case .autoscalerStops: stopAutoscaler()
    case .autoscalerStarts:
      autoscaler.start(at: now)
      observer?(.restarted(at: now.instant))
    }
  }

  private func outcome() -> SimulationOutcome {
    SimulationOutcome(
      name: autoscaler.name, length: now.duration, submitted: tally.submitted, done: tally.done,
      failed: tally.failed, unfinished: tally.submitted - tally.done - tally.failed,
      requeued: tally.requeued, waits: waits, podSeconds: meter.podSeconds, jobSeconds: jobSeconds,
      busyKilled: tally.busyKilled, busyRemoved: tally.busyRemoved, changes: tally.changes,
      reversals: tally.reversals, decisions: tally.decisions, highestPods: meter.highestPods,
      finalReplicas: wanted, elasticity: meter.elasticity, series: meter.series.series(until: now))
  }
}
