internal import Autoscaling
internal import Timekeeping

/// A decision with what it was made from and what is to be remembered.
struct ObservedDecision: Sendable {
  let decision: Decision
  let input: ScalingInput
  let at: ScalingInstant
  let state: ScalerState
}

extension ScalingPolicy {
  /// Decides on what was observed.
  ///
  /// Where more are wanted than there are, of which some do not work yet, it decides once more with the reason why
  /// those cannot start, if the target has one: only then is it worth asking for.
  ///
  /// - Parameters:
  ///   - target: Who knows why; nil when nobody does.
  ///   - pause: The pause that the configuration asks for.
  func decide(
    _ news: QueueNews, on seen: TargetObservation, of target: (any ScalingTarget)?, pause: ScalingPause?,
    state: ScalerState, _ time: Timekeeper
  ) async -> ObservedDecision {
    let now = time.instant()
    let wallTime = time.wallTime()
    func decided(_ shortage: CapacityShortage?) -> ObservedDecision {
      let input = ScalingInput(
        observation: news.observations[0], otherObservations: Array(news.observations.dropFirst()),
        currentReplicas: seen.replicas, readyReplicas: seen.ready, serviceTimes: news.allServiceTimes,
        capacityShortage: shortage, pause: pause ?? seen.pause, wallTime: wallTime)
      var next = state
      let decision = decide(input, state: &next, now: now)
      return ObservedDecision(decision: decision, input: input, at: now, state: next)
    }
    let first = decided(nil)
    guard first.decision.direction == .up, seen.replicas > 0, let ready = seen.ready, ready < seen.replicas,
      let shortage = await target?.capacityShortage()
    else { return first }
    return decided(shortage)
  }
}
