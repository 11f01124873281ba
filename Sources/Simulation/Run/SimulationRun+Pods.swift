extension SimulationRun {
  /// Carries out a change of `spec.replicas`.
  mutating func setReplicas(_ replicas: Int) {
    guard replicas != wanted else { return }
    observer?(.changed(at: now.instant, from: wanted, to: replicas))
    tally.changes += 1
    let direction = replicas > wanted ? 1 : -1
    if tally.lastDirection == -direction { tally.reversals += 1 }
    tally.lastDirection = direction
    wanted = replicas
    reconcile()
  }

  /// Brings the pods to the wanted number, as a ReplicaSet does.
  mutating func reconcile() {
    if pool.active > wanted {
      let order = VictimOrder(now: now, honorsDeletionCost: settings.cluster.honorsDeletionCost)
      for victim in order.victims(pool.active - wanted, of: pool) { remove(victim) }
    } else if pool.active < wanted {
      createPods()
    }
  }

  /// Creates the pods that are missing, as fast as the rate allows.
  mutating func createPods() {
    while pool.active < wanted {
      guard creation.take(at: now) else {
        let next = creation.nextAt(now)
        if creation.isAlarmDue(at: next) { events.add(.podsMayBeCreated, at: next) }
        return
      }
      createPod()
    }
  }

  private mutating func createPod() {
    let place = pool.create(at: now, uid: random.next())
    let ready = now.later(settings.cluster.startUp.sample(&random))
    events.add(.podIsReady, at: ready, subject: place, generation: pool[place].generation)
  }

  private mutating func remove(_ place: Int) {
    let generation = pool[place].generation
    guard pool.remove(place) else { return }
    tally.busyRemoved += 1
    events.add(.graceEnds, at: now.later(gracePeriod), subject: place, generation: generation)
  }
}
