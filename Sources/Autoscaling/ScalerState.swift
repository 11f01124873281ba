/// What one scaler remembers between decisions.
///
/// Bounded in size whatever happens. A new state remembers nothing, which is what a restarted controller
/// has: it may grow at once, and shrinks no sooner than ``ScaleDownPolicy/window`` later, nor before the period of
/// a rate of shrinking is over, nor before what objectives need is measured.
public struct ScalerState: Sendable, Hashable {
  private var queue = QueueTrust()
  /// The queues beside the first.
  private var otherQueues: [QueueTrust] = []
  /// When the demand was observed that was known last.
  private var demandKnownAt: ScalingInstant?
  /// The loads that keep replicas alive.
  private(set) var window = RecommendationWindow()
  /// The loads that growth waits for, negated: the lowest counts.
  private(set) var growthWindow = RecommendationWindow()
  private(set) var changes = ChangeHistory()
  private var measurements = ObjectiveMeasurements()

  /// Creates the state of a scaler that has seen nothing yet.
  public init() {}

  /// Takes in what was observed and says what is known now.
  mutating func take(_ input: ScalingInput, policy: ScalingPolicy, now: ScalingInstant) -> ScalingBasis {
    let first = queue.take(input.observation, stalenessLimit: policy.stalenessLimit, now: now)
    guard !input.otherObservations.isEmpty else {
      if !otherQueues.isEmpty { otherQueues = [] }
      switch first {
      case .known(let reading): return .demand(accept(reading, input, policy: policy, now: now))
      case .unknown(let unknown): return .unknown(hold(unknown, policy: policy))
      }
    }
    return take(first, input, policy: policy, now: now)
  }

  /// Takes in several queues, of which the first one was taken in already.
  private mutating func take(
    _ first: QueueKnowledge, _ input: ScalingInput, policy: ScalingPolicy, now: ScalingInstant
  ) -> ScalingBasis {
    let count = input.otherObservations.count
    otherQueues = Array(otherQueues.prefix(count))
    while otherQueues.count < count { otherQueues.append(QueueTrust()) }
    var queues = [first]
    for (index, observation) in input.otherObservations.enumerated() {
      queues.append(otherQueues[index].take(observation, stalenessLimit: policy.stalenessLimit, now: now))
    }
    let readings = queues.compactMap(\.reading)
    let unknown = queues.compactMap(\.unknown)
    guard !readings.isEmpty else { return .unknown(hold(UnknownBasis(joining: unknown), policy: policy)) }
    let reading = policy.combine.combined(readings, isComplete: unknown.isEmpty)
    guard !unknown.isEmpty else {
      return .demand(accept(reading, input, policy: policy, queues: queues, now: now))
    }
    return .demand(
      acceptPart(reading, input, policy: policy, queues: queues, UnknownBasis(joining: unknown)))
  }

  /// Keeps what may have to be kept while nothing is known.
  private mutating func hold(_ unknown: UnknownBasis, policy: ScalingPolicy) -> UnknownBasis {
    // What is not believed yet may be so: a high demand is kept replicas for, as if it were trusted.
    if case .suspicious(let suspicion, let reading, _) = unknown.cause, suspicion != .olderThanPrevious {
      window.raise(reading.demand, at: reading.observedAt, length: policy.scaleDown.window)
    }
    if let fallback = policy.fallback, unknown.polls >= fallback.afterFailures {
      // What the fallback raised must not fall back with the first reading and rise again with the next
      // failures: demand has to be observed anew.
      window.forget()
    }
    return unknown
  }

  private mutating func accept(
    _ reading: QueueReading, _ input: ScalingInput, policy: ScalingPolicy, queues: [QueueKnowledge] = [],
    now: ScalingInstant
  ) -> DemandBasis {
    let length = policy.scaleDown.window
    if let demandKnownAt {
      let pause = demandKnownAt.duration(to: reading.observedAt)
      if pause > policy.stalenessLimit || pause < .zero { window.forget() }
      if pause < .zero { growthWindow.forget() }
    }
    demandKnownAt = reading.observedAt
    let objectives =
      policy.objectives.isEmpty ? nil : measurements.take(reading, input, policy: policy, isComplete: true)
    let load = policy.load(reading, objectives)
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
      reading: reading, queues: queues, objectives: objectives, fallback: nil, load: load, needed: needed,
      observedSince: window.completeSince, highestLoad: highest,
      highestInWindow: highest.map(policy.replicasNeeded), lowestLoad: lowest,
      lowestInWindow: lowest == load ? needed : policy.replicasNeeded(for: lowest))
  }

  /// Takes in a reading that leaves queues out, which are unknown: enough to grow on.
  private mutating func acceptPart(
    _ reading: QueueReading, _ input: ScalingInput, policy: ScalingPolicy, queues: [QueueKnowledge],
    _ unknown: UnknownBasis
  ) -> DemandBasis {
    let objectives =
      policy.objectives.isEmpty ? nil : measurements.take(reading, input, policy: policy, isComplete: false)
    let fallback = policy.fallback.flatMap { unknown.polls >= $0.afterFailures ? $0.replicas : nil }
    let load = max(policy.load(reading, objectives), fallback.map(policy.demandCovered) ?? 0)
    // What is not believed yet may be so.
    let suspicious = queues.compactMap(\.suspicious)
    let possible = policy.combine.combined(
      queues.compactMap(\.reading) + suspicious, isComplete: false
    ).demand
    window.raise(max(load, possible), at: reading.observedAt, length: policy.scaleDown.window)
    if fallback != nil { window.forget() }
    let needed = policy.replicasNeeded(for: load)
    // What is left out must hold no growth up longer than it was known to.
    let isStabilized =
      policy.scaleUp.stabilizationWindow ?? .zero > .zero && growthWindow.completeSince != nil
    let lowest = isStabilized ? min(load, -growthWindow.highestKnown) : load
    return DemandBasis(
      reading: reading, queues: queues, objectives: objectives, fallback: fallback, load: load,
      needed: needed,
      observedSince: nil, highestLoad: nil, highestInWindow: nil, lowestLoad: lowest,
      lowestInWindow: policy.replicasNeeded(for: lowest))
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
}

extension QueueKnowledge {
  fileprivate var reading: QueueReading? { if case .known(let reading) = self { reading } else { nil } }

  fileprivate var unknown: UnknownBasis? { if case .unknown(let unknown) = self { unknown } else { nil } }

  /// A reading that is not believed yet, and may be so.
  fileprivate var suspicious: QueueReading? {
    guard case .unknown(let unknown) = self, case .suspicious(let suspicion, let reading, _) = unknown.cause,
      suspicion != .olderThanPrevious
    else { return nil }
    return reading
  }
}
