extension ScalingPolicy {
  /// The next step if demand stays as it is and `replicas`, which were decided, are made so.
  func nextStep(
    after replicas: Int, from current: Int, _ basis: ScalingBasis, _ bounds: ReplicaBounds,
    _ state: ScalerState, now: ScalingInstant
  ) -> ScalingStep? {
    guard case .demand(let demand) = basis else { return nil }
    let enough = bounds.bounded(demand.needed)
    guard enough != replicas else { return nil }
    let load = demand.load
    let isGrowth = growth(for: load, current: replicas, bounds) > replicas
    // What is left out of a reading may need any number more.
    guard isGrowth || (enough < replicas && !demand.isPart) else { return nil }
    guard let first = windowStep(isGrowth, replicas, load, bounds, state, now: now) else { return nil }
    guard let length = changesRemembered else { return first }
    var changes = state.changes
    changes.propose(replicas, from: current, at: now)
    changes.see(replicas, now: now, length: length)
    var moment = Swift.max(first.at, now)
    // What is used up at one moment is there again at a later one, first the budget, then the rate.
    for _ in 0..<3 {
      let wanted = windowed(isGrowth, replicas, load, bounds, state, at: moment)
      guard let control = control(wanted, current: replicas, basis, changes, now: moment) else { return nil }
      let allowed = control.allowed(from: replicas, bounds)
      if allowed != replicas { return ScalingStep(replicas: allowed, at: moment) }
      guard let until = control.end(from: replicas, bounds) else { return nil }
      moment = until
    }
    return nil
  }

  /// The next step that the windows allow.
  private func windowStep(
    _ isGrowth: Bool, _ replicas: Int, _ load: Int, _ bounds: ReplicaBounds, _ state: ScalerState,
    now: ScalingInstant
  ) -> ScalingStep? {
    guard isGrowth else {
      let next = state.window.nextBelow(replicas, length: scaleDown.window) {
        shrinking(for: $0, current: replicas, bounds)
      }
      return next.map { ScalingStep(replicas: $0.replicas, at: $0.at) }
    }
    guard let length = scaleUp.stabilizationWindow, length > .zero else {
      return ScalingStep(replicas: growth(for: load, current: replicas, bounds), at: now)
    }
    let next = state.growthWindow.nextBelow(-replicas, length: length) {
      -growth(for: -$0, current: replicas, bounds)
    }
    return next.map { ScalingStep(replicas: -$0.replicas, at: $0.at) }
  }

  /// The replicas that the windows allow at a moment to come.
  private func windowed(
    _ isGrowth: Bool, _ replicas: Int, _ load: Int, _ bounds: ReplicaBounds, _ state: ScalerState,
    at moment: ScalingInstant
  ) -> Int {
    if isGrowth {
      guard let length = scaleUp.stabilizationWindow, length > .zero else {
        return growth(for: load, current: replicas, bounds)
      }
      var window = state.growthWindow
      window.record(-load, at: moment, now: moment, length: length)
      return growth(for: -window.highestKnown, current: replicas, bounds)
    }
    var window = state.window
    window.record(load, at: moment, now: moment, length: scaleDown.window)
    guard let highest = window.highest(at: moment, length: scaleDown.window) else { return replicas }
    return shrinking(for: highest, current: replicas, bounds)
  }
}
