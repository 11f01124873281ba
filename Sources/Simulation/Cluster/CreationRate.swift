/// How fast pods may be created: a bucket of tokens, one for a pod, which fills at a rate.
struct CreationRate {
  /// The time of one token; nil when any number may be created.
  private let interval: SimulatedTime?
  private let burst: SimulatedTime
  /// When the bucket would be full again.
  private var fullAt: SimulatedTime = 0
  private var alarm: SimulatedTime = -1

  init(_ cluster: SimulatedCluster) {
    interval = cluster.podsCreatedPerSecond.map { max(SimulatedTime(1e9 / $0), 1) }
    burst = SimulatedTime(cluster.podCreationBurst)
  }

  /// Takes a token, if there is one.
  mutating func take(at now: SimulatedTime) -> Bool {
    guard let interval else { return true }
    let full = max(fullAt, now) + interval
    guard full - now <= burst * interval else { return false }
    fullAt = full
    return true
  }

  /// When there is a token again.
  func nextAt(_ now: SimulatedTime) -> SimulatedTime {
    guard let interval else { return now }
    return max(max(fullAt, now) + interval - burst * interval, now)
  }

  /// Whether somebody has to look again then: nobody was told to yet.
  mutating func isAlarmDue(at moment: SimulatedTime) -> Bool {
    guard alarm != moment else { return false }
    alarm = moment
    return true
  }
}
