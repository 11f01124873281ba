extension ScalingPolicy {
  /// The load of a reading for which the objectives were reckoned.
  func load(_ reading: QueueReading, _ objectives: ObjectiveBasis?) -> Int {
    Swift.max(reading.demand, objectives.map { demandCovered(by: $0.replicas) } ?? 0)
  }

  /// The load of a demand, all else being as it was measured.
  func load(of demand: Int, _ objectives: ObjectiveBasis?) -> Int {
    guard let objectives else { return demand }
    return Swift.max(demand, demandCovered(by: objectives.replicas(for: demand)))
  }

  /// The least demand whose load is at least this, all else being as it was measured.
  func demand(forLoad load: Int, _ objectives: ObjectiveBasis?) -> Int {
    guard objectives != nil else { return load }
    // By bisection, as the objectives take no fewer replicas for a higher demand.
    var low = -1
    var high = load
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if self.load(of: middle, objectives) >= load { high = middle } else { low = middle }
    }
    return high
  }

  /// The replicas to grow to for a demand; the current number when it is enough or nearly so.
  func growth(for load: Int, current: Int, _ bounds: ReplicaBounds) -> Int {
    let isNear = isWithinTolerance(load, current: current, .up)
    return Swift.max(current, bounds.bounded(isNear ? current : replicasNeeded(for: load)))
  }

  /// The replicas to shrink to for a demand; the current number when it needs as many or nearly so.
  func shrinking(for load: Int, current: Int, _ bounds: ReplicaBounds) -> Int {
    let isNear = isWithinTolerance(load, current: current, .down)
    return Swift.min(current, bounds.bounded(isNear ? current : replicasNeeded(for: load)))
  }

  /// The largest demand that does not grow a number of replicas: what they cover, or a little more where that
  /// is tolerated.
  func demandTolerated(by replicas: Int) -> Int {
    let covered = demandCovered(by: replicas)
    let near = Double(covered) * (1 + scaleUp.tolerance)
    guard scaleUp.tolerance > 0, near < 1e15 else { return covered }
    // The product may be off by one where the quotient is what counts.
    var demand = Swift.max(Int(near) + 1, covered)
    while demand > covered, growth(for: demand, current: replicas, .widest) > replicas { demand -= 1 }
    return demand
  }

  /// The largest demand that shrinks a number of replicas; negative when there is none.
  func demandLeft(by replicas: Int) -> Int {
    let left = demandCovered(by: replicas - 1)
    let near = Double(demandCovered(by: replicas)) * (1 - scaleDown.behavior.tolerance)
    guard scaleDown.behavior.tolerance > 0, near < 1e15 else { return left }
    var demand = Swift.min(Int(Swift.max(near, -2)) + 1, left)
    while demand >= 0, shrinking(for: demand, current: replicas, .widest) == replicas { demand -= 1 }
    return demand
  }

  /// How a demand relates to the one that the current replicas are for; nil when there are none.
  func ratio(of load: Int, current: Int) -> Double? {
    current > 0 ? Double(load) / (Double(processesPerReplica) * Double(current)) : nil
  }

  /// Whether a demand that asks for a change in this direction is too near to what the current replicas are
  /// for. Compared as a HorizontalPodAutoscaler does, so that rounding agrees with it.
  private func isWithinTolerance(_ load: Int, current: Int, _ direction: Decision.Direction) -> Bool {
    let tolerance = tolerance(direction)
    guard tolerance > 0, let ratio = ratio(of: load, current: current) else { return false }
    return direction == .up ? ratio >= 1 && ratio <= 1 + tolerance : ratio <= 1 && ratio >= 1 - tolerance
  }

  /// The tolerance in a direction.
  func tolerance(_ direction: Decision.Direction) -> Double {
    direction == .up ? scaleUp.tolerance : scaleDown.behavior.tolerance
  }
}
