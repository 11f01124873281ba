extension ScalingPolicy {
  /// The bounds that hold at a moment, given as the time since the beginning of 1970, UTC.
  ///
  /// Every schedule that is active puts its own minimum or maximum in the place of the policy's. Of several, each
  /// holds: the largest minimum and the smallest maximum count. Where they contradict each other, the maximum
  /// wins: it protects what others depend on, where a minimum only saves time.
  ///
  /// While the time is unknown the largest minimum and the largest maximum of all count, so that nothing is taken
  /// away.
  public func bounds(at wallTime: Duration?) -> ReplicaBounds {
    guard !schedules.isEmpty else { return ReplicaBounds(min: min, max: max) }
    guard let wallTime else {
      let most = schedules.lazy.compactMap(\.max).reduce(max) { Swift.max($0, $1) }
      let fewest = schedules.lazy.compactMap(\.min).reduce(min) { Swift.max($0, $1) }
      return ReplicaBounds(min: Swift.min(fewest, most), max: most)
    }
    let active = schedules.filter { $0.isActive(at: wallTime) }
    let most = active.compactMap(\.max).min() ?? max
    return ReplicaBounds(min: Swift.min(active.compactMap(\.min).max() ?? min, most), max: most)
  }

  /// The most replicas that there can be at any time.
  public var highestMax: Int { schedules.lazy.compactMap(\.max).reduce(max) { Swift.max($0, $1) } }
}
