/// The highest recommendation of the recent past: what keeps replicas alive after demand has fallen.
///
/// Readings are samples; between two of them the earlier one counts. A recommendation therefore leaves the
/// window when the first lower one after it has lasted for the window's length.
///
/// Only recommendations that could still be the highest are kept: each is lower than the one before it. Two
/// that were superseded within 1/64 of the window's length are merged into the higher one, so at most about
/// 66 are kept, and a replica is kept alive by at most that 1/64 too long.
struct RecommendationWindow: Sendable, Hashable {
  /// A past recommendation, superseded by a lower one.
  struct Entry: Sendable, Hashable {
    let replicas: Int
    /// When it was first superseded, which merging does not move.
    let anchor: ScalingInstant
    /// When the first recommendation below it began.
    var supersededAt: ScalingInstant
  }

  /// Superseded recommendations, the highest and oldest first.
  private(set) var past: [Entry] = []
  /// The recommendation in force.
  private var current = 0
  /// Since when every recommendation is accounted for; nil when there is none.
  private(set) var completeSince: ScalingInstant?

  /// Forgets everything, after a time in which anything may have been in the queue.
  mutating func forget() {
    past.removeAll(keepingCapacity: true)
    completeSince = nil
  }

  /// Adds a recommendation that holds from `instant` on, which must not be before the last one.
  ///
  /// The first one begins the observation at `now`, not at `instant`: an old answer must not stand for a time
  /// in which nobody looked.
  mutating func record(_ replicas: Int, at instant: ScalingInstant, now: ScalingInstant, length: Duration) {
    if completeSince == nil {
      completeSince = now
      current = replicas
    } else if replicas < current {
      supersede(at: instant, length: length)
      current = replicas
    } else {
      current = replicas
      while let last = past.last, last.replicas <= replicas { past.removeLast() }
    }
    expire(at: instant, length: length)
  }

  /// Adds a recommendation if it is higher than the one in force; does not begin an observation.
  mutating func raise(_ replicas: Int, at instant: ScalingInstant, length: Duration) {
    guard completeSince != nil, replicas > current else { return }
    record(replicas, at: instant, now: instant, length: length)
  }

  /// The highest recommendation within the window's length before `instant`; nil when part of that time was
  /// not observed.
  func highest(at instant: ScalingInstant, length: Duration) -> Int? {
    guard let completeSince, completeSince.advanced(by: length) <= instant else { return nil }
    return past.first?.replicas ?? current
  }

  /// The highest recommendation within the window, as far as it was observed.
  var highestKnown: Int { past.first?.replicas ?? current }

  /// The first number below `replicas` that the window will allow if the recommendation in force stays, and
  /// from when; nil when there is none.
  ///
  /// `bounded` limits recommendations as the caller does.
  func nextBelow(
    _ replicas: Int, length: Duration, bounded: (Int) -> Int
  ) -> (replicas: Int, at: ScalingInstant)? {
    guard let completeSince else { return nil }
    var release = completeSince.advanced(by: length)
    for entry in past {
      let kept = bounded(entry.replicas)
      if kept < replicas { return (kept, release) }
      release = max(release, entry.supersededAt.advanced(by: length))
    }
    let kept = bounded(current)
    return kept < replicas ? (kept, release) : nil
  }

  private mutating func supersede(at instant: ScalingInstant, length: Duration) {
    if let last = past.last, last.anchor.duration(to: instant) * 64 < length {
      past[past.count - 1].supersededAt = instant
    } else {
      past.append(Entry(replicas: current, anchor: instant, supersededAt: instant))
    }
  }

  private mutating func expire(at instant: ScalingInstant, length: Duration) {
    let expired = past.prefix { $0.supersededAt.advanced(by: length) <= instant }
    guard let last = expired.last else { return }
    // What was before is no longer accounted for: a longer window must be observed anew.
    completeSince = last.supersededAt
    past.removeFirst(expired.count)
  }
}
