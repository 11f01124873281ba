internal import Autoscaling

extension SimulationRun {
  /// Begins the round of a loop that is due.
  mutating func beginRound() {
    let (loop, asksQueue) = autoscaler.begin(at: now)
    guard asksQueue else { return decide(loop: loop) }
    let fault = faults.queue(at: now)
    var time = answerTime
    if case .queueAnswersLate(let delay) = fault { time = time.later(SimulatedTime(delay)) }
    let observation: QueueObservation =
      if fault == .queueFails || time > deadline {
        .failure(QueueFailure(failedAt: now.later(min(time, deadline)).instant, message: "no answer"))
      } else {
        counts(fault)
      }
    if let observer {
      let isTrue = fault.map { !$0.isLie } ?? true
      observer(.asked(at: now.instant, demand: waiting.count + running, isTrue: isTrue))
    }
    autoscaler.take(observation, loop: loop)
    if time == 0 {
      decide(loop: loop)
    } else {
      events.add(
        .queueAnswers, at: now.later(min(time, deadline)), subject: loop,
        generation: autoscaler.generation)
    }
  }

  /// What the queue says now.
  private func counts(_ fault: SimulatedFault.Kind?) -> QueueObservation {
    let ended = tally.done + tally.failed
    return switch fault {
    case .queueSeemsNew: reading(waiting: 0, running: 0, finished: 0, source)
    case .otherQueueAnswers(let waiting): reading(waiting: waiting, running: 0, finished: 0, otherSource)
    case .queueCountsPart(let share):
      reading(
        waiting: Int(Double(waiting.count) * share), running: Int(Double(running) * share), finished: ended,
        source)
    default: reading(waiting: waiting.count, running: running, finished: ended, source)
    }
  }

  private func reading(waiting: Int, running: Int, finished: Int, _ source: QueueSource) -> QueueObservation {
    do {
      return .reading(
        try QueueReading(
          waiting: waiting, running: running, finished: finished, observedAt: now.instant, source: source))
    } catch {
      preconditionFailure("counts are never negative: \(error)")
    }
  }

  /// The answer came, or the deadline.
  mutating func answer(loop: Int, _ generation: UInt32) {
    if generation == autoscaler.generation { decide(loop: loop) }
  }

  /// Ends a round: lets the autoscaler decide, and does what it wants.
  mutating func decide(loop: Int) {
    tally.decisions += 1
    let observation = autoscaler.observation(loop: loop)
    let view = AutoscalerView(
      now: now.instant, wallTime: settings.beginsAt.map { $0 + now.duration },
      observation: observation, submitted: tally.submitted, taken: tally.taken,
      listed: doneList.count, meanServiceTime: doneList.mean.duration, wantedReplicas: wanted,
      pods: pool.active, readyPods: pool.ready)
    let change = autoscaler.decide(loop: loop, view)
    observer?(
      .decided(at: now.instant, loop: loop, observation: observation, current: wanted, change))
    let ended =
      switch change {
      case .none: now
      case .replicas(let replicas): write(replicas)
      case .replicasSparingBusy(let replicas, let settle): spareBusy(replicas, settle: settle)
      }
    autoscaler.end(loop: loop, answeredAt: now, at: ended)
  }

  /// Sends a change of the replicas, and says when it is made.
  private mutating func write(_ replicas: Int) -> SimulatedTime {
    release(keeping: 0)
    let replicas = min(max(replicas, 0), SimulatedCluster.mostReplicas)
    // While the change of a scale-in is on its way, another one would be refused.
    guard replicas != wanted, !scaleIn.isSent else { return now }
    observer?(.sent(at: now.instant, from: wanted, to: replicas))
    guard let time = changeTime() else { return now.later(latency) }
    if time == 0 {
      setReplicas(replicas)
    } else {
      events.add(.replicasChange, at: now.later(time), subject: replicas)
    }
    return now.later(time)
  }

  /// How long a change of the replicas takes that is sent now; nil when it fails.
  mutating func changeTime() -> SimulatedTime? {
    switch faults.changes(at: now) {
    case .changesFail: nil
    case .changesTakeLonger(let delay): latency.later(SimulatedTime(delay))
    default: latency
    }
  }

  /// The autoscaler stops. What it has sent is carried out, but nothing more; whoever it took off the queue comes
  /// back.
  mutating func stopAutoscaler() {
    autoscaler.stop()
    release(keeping: 0)
  }
}
