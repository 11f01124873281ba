internal import Autoscaling

extension SimulationRun {
  /// Begins the round of a loop that is due.
  mutating func beginRound() {
    let (loop, asksQueue) = autoscaler.begin(at: now)
    guard asksQueue else { return decide(loop: loop) }
    autoscaler.take(askQueue(), loop: loop)
    if answerTime == 0 {
      decide(loop: loop)
    } else {
      events.add(.queueAnswers, at: now.later(answerTime), subject: loop)
    }
  }

  /// What the queue says now.
  private func askQueue() -> QueueObservation {
    do {
      return .reading(
        try QueueReading(
          waiting: waiting.count, running: running, finished: tally.done + tally.failed,
          observedAt: now.instant, source: source))
    } catch {
      preconditionFailure("counts are never negative: \(error)")
    }
  }

  /// Ends a round: lets the autoscaler decide, and does what it wants.
  mutating func decide(loop: Int) {
    tally.decisions += 1
    let view = AutoscalerView(
      now: now.instant, wallTime: settings.beginsAt.map { $0 + now.duration },
      observation: autoscaler.observation(loop: loop), submitted: tally.submitted, taken: tally.taken,
      wantedReplicas: wanted, pods: pool.active, readyPods: pool.ready)
    let ended =
      switch autoscaler.decide(loop: loop, view) {
      case .none: now
      case .replicas(let replicas): write(replicas)
      case .replicasSparingBusy(let replicas, let settle): spareBusy(replicas, settle: settle)
      }
    autoscaler.end(loop: loop, at: ended)
  }

  /// Sends a change of the replicas, and says when it is made.
  private mutating func write(_ replicas: Int) -> SimulatedTime {
    release(keeping: 0)
    let replicas = min(max(replicas, 0), SimulatedCluster.mostReplicas)
    guard replicas != wanted else { return now }
    let at = now.later(latency)
    if latency == 0 { setReplicas(replicas) } else { events.add(.replicasChange, at: at, subject: replicas) }
    return at
  }
}
