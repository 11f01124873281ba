extension Explanation {
  /// The limit that the fewest replicas are, and why there are so many.
  var minimumLimit: ScalingLimit {
    schedule { $0.min == bounds.min }.map { .scheduledMinimum(bounds.min, $0, until: end($0)) }
      ?? .minimum(bounds.min)
  }

  /// The limit that the most replicas are, and why there are so few.
  var maximumLimit: ScalingLimit {
    schedule { $0.max == bounds.max }.map { .scheduledMaximum(bounds.max, $0, until: end($0)) }
      ?? .maximum(bounds.max)
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
