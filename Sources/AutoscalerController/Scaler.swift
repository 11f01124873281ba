internal import Autoscaling
internal import JSON
internal import Locking
internal import Logging
internal import Timekeeping

/// Decides about one target each time its queue was observed, and carries the decision out.
actor Scaler {
  private let target: any ScalingTarget
  private let isDryRun: Bool
  private let time: Timekeeper
  private let logger: Logger
  private let announce: @Sendable (DecisionNote) -> Void
  private var policy: ScalingPolicy
  private var pause: ScalingPause?
  private var state = ScalerState()
  private var journal: DecisionJournal
  private var notes = DecisionNotes()
  private var memory = DecisionMemory()
  private var metrics: ScalerMetrics
  private nonisolated let serviceTimes = Locked(ServiceTimesObservation.pending)
  private var recorder: ScalerRecorder?
  private nonisolated let observations: AsyncStream<QueueObservation>
  private nonisolated let intake: AsyncStream<QueueObservation>.Continuation

  /// How often a decision is made anew when somebody else changes the target in between.
  private static let attempts = 3

  /// - Parameters:
  ///   - recorder: Where every decision is written; nil for nowhere.
  ///   - announce: Tells people who look at the target. Not called in a dry run.
  init(
    _ configuration: ScalerConfiguration, target: any ScalingTarget, isDryRun: Bool, time: Timekeeper,
    logger: Logger, metrics: ControllerMetrics, recorder: DecisionRecorder?,
    announce: @escaping @Sendable (DecisionNote) -> Void
  ) {
    self.target = target
    self.isDryRun = isDryRun
    self.time = time
    self.logger = logger
    self.announce = announce
    policy = configuration.policy
    pause = configuration.pause
    journal = DecisionJournal(isDryRun: isDryRun)
    self.recorder = recorder.map { ScalerRecorder($0, scaler: configuration.name) }
    self.metrics = ScalerMetrics(metrics, scaler: configuration.name)
    // An observation that was overtaken by a newer one is of no use.
    (observations, intake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Decides until `end()` is called or the task is cancelled.
  func run() async {
    for await observation in observations { await decide(observation) }
    metrics.destroy()
  }

  /// Takes nothing more; `run()` returns.
  nonisolated func end() { intake.finish() }

  /// Tells the scaler what was observed.
  nonisolated func offer(_ observation: QueueObservation) { intake.yield(observation) }

  /// Tells the scaler how long processes take, from the next observation on.
  nonisolated func offer(_ observation: ServiceTimesObservation) {
    serviceTimes.withLock { $0 = observation }
  }

  /// Puts other rules in force, from the next observation on. What was observed so far still counts.
  func follow(_ configuration: ScalerConfiguration) {
    policy = configuration.policy
    pause = configuration.pause
  }

  /// The newest decision, and the last ones that were told in the log, for machines.
  func decisions(last: Int) -> JSONValue { memory.json(last: last, at: time.instant()) }

  private func decide(_ observation: QueueObservation) async {
    for attempt in 1...Self.attempts {
      do throws(TargetError) {
        try await decideOnce(observation)
        return
      } catch {
        metrics.record(error)
        if error.code == .conflict, attempt < Self.attempts { continue }
        let now = time.instant()
        journal.record(error, at: now, logger)
        tell(notes.note(error, at: now))
        return
      }
    }
  }

  private func decideOnce(_ observation: QueueObservation) async throws(TargetError) {
    let begin = time.now()
    let seen = try await target.observe()
    let input = ScalingInput(
      observation: observation, currentReplicas: seen.replicas, readyReplicas: seen.ready,
      serviceTimes: serviceTimes.withLock { $0 }, pause: pause ?? seen.pause, wallTime: time.wallTime())
    let now = time.instant()
    let decision = policy.decide(input, state: &state, now: now)
    recorder?.record(decision, input, policy: policy, at: now)
    if decision.direction != .hold {
      try await target.setReplicas(decision.replicas, basedOn: seen.revision)
      if !isDryRun {
        let reading = decision.explanation.newestReading
        metrics.recordChange(
          decision.direction, since: reading.map { $0.observedAt.duration(to: time.instant()) })
      }
    }
    let isTold = journal.record(decision.explanation, logger)
    memory.take(decision.explanation, isTold: isTold)
    tell(notes.note(decision.explanation))
    metrics.record(decision.explanation, took: time.now() - begin)
  }

  private func tell(_ note: DecisionNote?) {
    guard let note, !isDryRun else { return }
    announce(note)
  }
}

extension ScalerConfiguration {
  /// The pause that the configuration asks for.
  var pause: ScalingPause? { isPaused ? ScalingPause(cause: "the configuration") : nil }
}
