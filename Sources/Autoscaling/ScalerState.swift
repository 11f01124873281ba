/// What one scaler remembers between decisions.
///
/// Bounded in size whatever happens. A new state remembers nothing, which is what a restarted controller
/// has: it may grow at once, and shrinks no sooner than ``ScaleDownPolicy/window`` later, nor before the period of
/// a rate of shrinking is over.
public struct ScalerState: Sendable, Hashable {
  /// The last reading that was acted on.
  private var trusted: QueueReading?
  /// A suspicious reading that waits for a second one to agree with it.
  private var unconfirmed: QueueReading?
  private var streak: UnknownStreak?
  /// The loads that keep replicas alive.
  private(set) var window = RecommendationWindow()
  /// The loads that growth waits for, negated: the lowest counts.
  private(set) var growthWindow = RecommendationWindow()
  private(set) var changes = ChangeHistory()
  private var measurements = ObjectiveMeasurements()

  /// Creates the state of a scaler that has seen nothing yet.
  public init() {}

  /// Takes in an observation and says what is known now.
  mutating func take(
    _ input: ScalingInput, policy: ScalingPolicy, now: ScalingInstant
  ) -> ScalingBasis {
    switch trust(input.observation, policy: policy, now: now) {
    case .success(let reading):
      return .demand(accept(reading, input, policy: policy, now: now))
    case .failure(let distrust):
      keep(distrust.cause, policy: policy, now: now)
      let unknown = count(distrust.cause, now: now)
      if let fallback = policy.fallback, unknown.polls >= fallback.afterFailures {
        // What the fallback raised must not fall back with the first reading and rise again with the next
        // failures: demand has to be observed anew.
        window.forget()
      }
      return .unknown(unknown)
    }
  }

  /// Carries the cause out of ``trust(_:policy:now:)``; never thrown.
  private struct Distrust: Error {
    let cause: UnknownCause
    init(_ cause: UnknownCause) { self.cause = cause }
  }

  private mutating func trust(
    _ observation: QueueObservation, policy: ScalingPolicy, now: ScalingInstant
  ) -> Result<QueueReading, Distrust> {
    switch observation {
    case .pending: return .failure(Distrust(.pending))
    case .failure(let failure): return .failure(Distrust(.failed(failure)))
    case .reading(let reading):
      let age = reading.observedAt.duration(to: now)
      if age < .zero { return .failure(Distrust(.fromFuture(reading))) }
      if age > policy.stalenessLimit { return .failure(Distrust(.stale(reading))) }
      guard let trusted, let suspicion = Suspicion(from: trusted, to: reading), !confirms(reading) else {
        return .success(reading)
      }
      unconfirmed = reading
      return .failure(Distrust(.suspicious(suspicion, reading, previous: trusted)))
    }
  }

  /// Whether a reading is a second one that agrees with the suspicious one before it.
  private func confirms(_ reading: QueueReading) -> Bool {
    guard let unconfirmed else { return false }
    return unconfirmed.observedAt < reading.observedAt && Suspicion(from: unconfirmed, to: reading) == nil
  }

  /// What is not believed yet may be so: a high demand is kept replicas for, as if it were trusted.
  private mutating func keep(_ cause: UnknownCause, policy: ScalingPolicy, now: ScalingInstant) {
    guard case .suspicious(let suspicion, let reading, _) = cause, suspicion != .olderThanPrevious else {
      return
    }
    window.raise(reading.demand, at: reading.observedAt, length: policy.scaleDown.window)
  }

  private mutating func accept(
    _ reading: QueueReading, _ input: ScalingInput, policy: ScalingPolicy, now: ScalingInstant
  ) -> DemandBasis {
    let length = policy.scaleDown.window
    if let trusted {
      let pause = trusted.observedAt.duration(to: reading.observedAt)
      if pause > policy.stalenessLimit || pause < .zero { window.forget() }
      if pause < .zero { growthWindow.forget() }
    }
    trusted = reading
    unconfirmed = nil
    streak = nil
    let objectives =
      policy.objectives.isEmpty ? nil : measurements.take(reading, input, policy: policy)
    let load = max(reading.demand, objectives.map { policy.demandCovered(by: $0.replicas) } ?? 0)
    let needed = policy.replicasNeeded(for: load)
    if reading.exactness == .atLeast || objectives?.isIncomplete == true {
      // There may be any number more, so no lower load has been observed.
      window.forget()
    } else {
      window.record(load, at: reading.observedAt, now: now, length: length)
    }
    let highest = window.highest(at: reading.observedAt, length: length)
    let lowest = lowestLoad(load, at: reading.observedAt, policy: policy, now: now)
    return DemandBasis(
      reading: reading, objectives: objectives, load: load, needed: needed,
      observedSince: window.completeSince, highestLoad: highest,
      highestInWindow: highest.map(policy.replicasNeeded), lowestLoad: lowest,
      lowestInWindow: lowest == load ? needed : policy.replicasNeeded(for: lowest))
  }

  /// The lowest load within the window of growing. A time that was not observed holds nothing up: the load
  /// known before it stands for it, and after a restart there is none.
  private mutating func lowestLoad(
    _ load: Int, at instant: ScalingInstant, policy: ScalingPolicy, now: ScalingInstant
  ) -> Int {
    guard let length = policy.scaleUp.stabilizationWindow, length > .zero else {
      if growthWindow.completeSince != nil { growthWindow.forget() }
      return load
    }
    growthWindow.record(-load, at: instant, now: now, length: length)
    return -growthWindow.highestKnown
  }

  /// Takes in the replicas there are now, where objectives or limits of change need it.
  mutating func see(_ input: ScalingInput, policy: ScalingPolicy, now: ScalingInstant) {
    if !policy.objectives.isEmpty { measurements.see(input, now: now) }
    guard let length = policy.changesRemembered else {
      if changes.since != nil { changes.forget() }
      return
    }
    changes.see(input.currentReplicas, now: now, length: length)
  }

  /// Takes in a decision, if changes are limited.
  mutating func propose(_ replicas: Int, from current: Int, at now: ScalingInstant) {
    guard changes.since != nil else { return }
    changes.propose(replicas, from: current, at: now)
  }

  private mutating func count(_ cause: UnknownCause, now: ScalingInstant) -> UnknownBasis {
    // Readings that came too late have no poll of their own: each decision on them is one.
    let poll: ScalingInstant? =
      switch cause {
      case .pending: nil
      case .failed(let failure): failure.failedAt
      case .stale, .fromFuture: now
      case .suspicious(_, let reading, _): reading.observedAt
      }
    if let poll {
      if streak == nil {
        streak = UnknownStreak(poll: poll, now: now)
      } else {
        streak?.add(poll: poll)
      }
    }
    return UnknownBasis(
      cause: cause, polls: streak?.count ?? 0, since: streak?.since, lastKnownAt: trusted?.observedAt)
  }
}
