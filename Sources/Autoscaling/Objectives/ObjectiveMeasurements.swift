/// What a scaler with objectives has measured. A new one knows nothing, and learns it anew.
struct ObjectiveMeasurements: Sendable, Hashable {
  /// The newest service times of a queue in which something had finished.
  private var serviceTimes: ServiceTimes?
  private var arrivals = ArrivalWindow()
  private var startUps = StartUpHistory()

  /// Takes in the replicas there are now.
  mutating func see(_ input: ScalingInput, now: ScalingInstant) {
    startUps.see(input.currentReplicas, ready: input.readyReplicas, now: now)
  }

  /// Takes in a trusted reading and says what the objectives take.
  /// - Parameter isComplete: Whether no queue is left out of the reading.
  mutating func take(
    _ reading: QueueReading, _ input: ScalingInput, policy: ScalingPolicy, isComplete: Bool
  ) -> ObjectiveBasis {
    if case .known(let known) = input.serviceTimes, known.count > 0 { serviceTimes = known }
    let length = ArrivalRate.window(pollInterval: policy.pollInterval)
    // While a queue is left out the rate that was known stands.
    if isComplete {
      if let arrived = reading.arrived {
        arrivals.record(arrived, at: reading.observedAt, length: length)
      } else {
        arrivals.forget()
      }
    }
    let rate = arrivals.rate(length: length)
    var missing: [MissingMeasurement] = []
    if serviceTimes == nil {
      switch input.serviceTimes {
      case .pending: missing.append(.serviceTimesPending)
      case .failed(let reason): missing.append(.serviceTimesFailed(reason))
      case .known: missing.append(.nothingFinished)
      }
    }
    if rate == nil {
      missing.append(
        isComplete && reading.arrived == nil
          ? .arrivalsNotCounted : .arrivalsPending(until: arrivals.completeAt(length: length)))
    }
    return ObjectiveBasis(
      policy.objectives, demand: reading.demand, serviceTimes: serviceTimes, arrivals: rate,
      startUp: startUps.estimate, ready: input.readyReplicas, missing: missing)
  }
}
