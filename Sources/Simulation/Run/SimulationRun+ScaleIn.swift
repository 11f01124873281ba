/// Idle workers that are off the queue, to be removed.
struct ScaleInRun {
  /// Their places, with their generations.
  var chosen: [(place: Int, generation: UInt32)] = []
  /// How many more go that were not even created.
  var uncreated = 0
  /// Tells one scale-in from the next.
  var number: UInt32 = 0
  /// Whether the change is on its way, so that it cannot be called off.
  var isSent = false

  var count: Int { chosen.count + uncreated }
}

extension SimulationRun {
  /// Removes replicas, but no busy ones: as many as are idle. One scale-in at a time; what changes meanwhile lets
  /// it spare more, never fewer. Says when the autoscaler goes on.
  mutating func spareBusy(_ replicas: Int, settle: Duration) -> SimulatedTime {
    let surplus = max(wanted - replicas, 0)
    release(keeping: surplus)
    guard surplus > 0, scaleIn.count == 0 else { return now }
    scaleIn.uncreated = min(max(wanted - pool.active, 0), surplus)
    for place in pool.dispensable(surplus - scaleIn.uncreated) {
      pool.cordon(place, true)
      scaleIn.chosen.append((place, pool[place].generation))
    }
    guard scaleIn.count > 0 else { return now }
    scaleIn.number &+= 1
    events.add(
      .scaleInSettles, at: now.later(SimulatedTime(settle)), generation: scaleIn.number)
    return now
  }

  /// Lets chosen workers back to the queue until only so many are chosen.
  mutating func release(keeping most: Int) {
    guard scaleIn.count > most, !scaleIn.isSent else { return }
    scaleIn.uncreated = min(scaleIn.uncreated, most)
    while scaleIn.count > most, let released = scaleIn.chosen.popLast() { uncordon(released) }
    assign()
  }

  /// The time to settle is over: the change of the replicas is sent. Where that fails, the chosen come back.
  mutating func settleScaleIn(_ number: UInt32) {
    guard number == scaleIn.number, scaleIn.count > 0 else { return }
    observer?(.sent(at: now.instant, from: wanted, to: max(wanted - scaleIn.count, 0)))
    guard let time = changeTime() else { return release(keeping: 0) }
    scaleIn.isSent = true
    if time == 0 { carryOutScaleIn() } else { events.add(.scaleInArrives, at: now.later(time)) }
  }

  /// The change has arrived.
  mutating func carryOutScaleIn() {
    let chosen = scaleIn.chosen
    let replicas = max(wanted - scaleIn.count, 0)
    scaleIn.chosen = []
    scaleIn.uncreated = 0
    scaleIn.isSent = false
    setReplicas(replicas)
    // Where the deletion cost is not honored, others went.
    for pod in chosen { uncordon(pod) }
    assign()
  }

  private mutating func uncordon(_ pod: (place: Int, generation: UInt32)) {
    guard pool.holds(pod.place, generation: pod.generation) else { return }
    pool.cordon(pod.place, false)
  }
}
