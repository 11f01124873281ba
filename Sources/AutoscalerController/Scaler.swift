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
  private var recorder: ScalerRecorder?
  /// The newest that is known about each queue.
  private nonisolated let queues: Locked<QueueNews>
  private nonisolated let notices: AsyncStream<Void>
  private nonisolated let intake: AsyncStream<Void>.Continuation

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
    queues = Locked(QueueNews(count: configuration.queues.count))
    // A decision takes in all that there is.
    (notices, intake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Decides until `end()` is called or the task is cancelled.
  func run() async {
    for await _ in notices {
      // In a task of its own, since a task keeps the memory of its deepest calls for as long as it lives.
      async let decision: Void = decide(queues.withLock { $0.next() })
      await decision
    }
    metrics.destroy()
  }

  /// Takes nothing more; `run()` returns.
  nonisolated func end() { intake.finish() }

  /// Tells the scaler what was observed of a queue, by its place in the configuration.
  nonisolated func offer(_ observation: QueueObservation, queue: Int) {
    queues.withLock { $0.take(observation, queue: queue) }
    intake.yield()
  }

  /// Tells the scaler how long a queue's processes take, from the next observation on.
  nonisolated func offer(_ observation: ServiceTimesObservation, queue: Int) {
    queues.withLock { $0.serviceTimes[queue] = observation }
  }

  /// Puts other rules in force, from the next observation on. What was observed so far still counts.
  func follow(_ configuration: ScalerConfiguration) {
    policy = configuration.policy
    pause = configuration.pause
  }

  /// The newest decision, and the last ones that were told in the log, for machines.
  func decisions(last: Int) -> JSONValue { memory.json(last: last, at: time.instant()) }

  private func decide(_ news: QueueNews) async {
    var news = news
    for attempt in 1...Self.attempts {
      do throws(TargetError) {
        try await decideOnce(&news)
        return
      } catch {
        metrics.record(error)
        if error.code == .conflict, attempt < Self.attempts { continue }
        queues.withLock { [news] in $0.putBack(news) }
        let now = time.instant()
        journal.record(error, at: now, logger)
        tell(notes.note(error, at: now))
        return
      }
    }
  }

  private func decideOnce(_ news: inout QueueNews) async throws(TargetError) {
    let begin = time.now()
    let seen = try await target.observe()
    // Nothing is done any more about what was overtaken, but it is remembered.
    if let before = news.before { _ = await decision(on: before, seen, of: nil) }
    let decision = await decision(on: news, seen, of: target)
    news.markDecided()
    var explanation = decision.explanation
    let progress = try await target.pursue(decision.replicas, from: seen) { [weak self] replicas in
      await self?.changed(decision.explanation.carriedOut(replicas))
    }
    switch progress {
    case .unchanged: break
    case .changed: recordChange(explanation)
    case .underWay(let wait): explanation = explanation.waiting(for: wait)
    }
    tell(explanation)
    metrics.record(explanation, took: time.now() - begin)
  }

  /// Decides, remembers what is to be remembered, and records it.
  private func decision(
    on news: QueueNews, _ seen: TargetObservation, of target: (any ScalingTarget)?
  ) async -> Decision {
    let made = await policy.decide(news, on: seen, of: target, pause: pause, state: state, time)
    state = made.state
    recorder?.record(made.decision, made.input, policy: policy, at: made.at)
    return made.decision
  }

  /// Takes in that a decision was carried out, some time later.
  private func changed(_ explanation: Explanation) {
    recordChange(explanation)
    tell(explanation)
  }

  private func recordChange(_ explanation: Explanation) {
    guard !isDryRun else { return }
    let reading = explanation.newestReading
    metrics.recordChange(
      explanation.direction, since: reading.map { $0.observedAt.duration(to: time.instant()) })
  }

  private func tell(_ explanation: Explanation) {
    let isTold = journal.record(explanation, logger)
    memory.take(explanation, isTold: isTold)
    tell(notes.note(explanation))
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
