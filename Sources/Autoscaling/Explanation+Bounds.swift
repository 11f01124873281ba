extension Explanation {
  /// The limit that the fewest replicas are, and why there are so many.
  var minimumLimit: ScalingLimit {
    let fewest = (capacity?.bounds ?? bounds).min
    return schedule { $0.min == fewest }.map { .scheduledMinimum(fewest, $0, until: end($0)) }
      ?? .minimum(fewest)
  }

  /// The limit that the most replicas are, and why there are so few.
  var maximumLimit: ScalingLimit {
    let most = (capacity?.bounds ?? bounds).max
    return schedule { $0.max == most }.map { .scheduledMaximum(most, $0, until: end($0)) } ?? .maximum(most)
  }

  /// What would be wanted if capacity were not short; nil where that keeps the scaler from nothing.
  var keptFrom: (cap: CapacityCap, wanted: Int)? {
    guard let capacity else { return nil }
    let wanted = capacity.wanted(basis, current: current, policy)
    return wanted > current ? (capacity, wanted) : nil
  }

  private func schedule(where sets: (ScalingSchedule) -> Bool) -> ScalingSchedule? {
    guard let wallTime else { return nil }
    return policy.schedules.first { sets($0) && $0.isActive(at: wallTime) }
  }

  private func end(_ schedule: ScalingSchedule) -> ScalingInstant? {
    wallTime.flatMap { now in schedule.end(after: now).map { decidedAt.advanced(by: $0 - now) } }
  }

  func text(_ schedule: ScalingSchedule, until: ScalingInstant?) -> String {
    let end = until.map { ", which ends \(inTime($0))" } ?? ""
    return "from \(schedule.from) to \(schedule.to) (\(schedule.timeZone))\(end)"
  }
}
