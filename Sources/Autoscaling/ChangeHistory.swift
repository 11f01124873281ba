/// The changes that a scaler made in the recent past.
///
/// A decision is not yet a change: it may be a dry run, or be refused. It counts once the next decision finds
/// other replicas than it was made from.
///
/// Changes that are closer than 1/1,024 of the time to remember are joined, so at most about 1,026 are kept. A
/// joined one counts for as long as any part of it wherever that means doing less.
struct ChangeHistory: Sendable, Hashable {
  /// One change, or some that were joined.
  struct Entry: Sendable, Hashable {
    let first: ScalingInstant
    var last: ScalingInstant
    var added: Int
    var removed: Int
    var changes: Int
  }

  private struct Proposal: Sendable, Hashable {
    var current: Int
    var replicas: Int
    var at: ScalingInstant
  }

  /// The changes, the oldest first.
  private(set) var entries: [Entry] = []
  /// Since when every change is known; nil when nothing was remembered yet.
  private(set) var since: ScalingInstant?
  private var proposal: Proposal?

  /// Forgets everything.
  mutating func forget() {
    entries = []
    since = nil
    proposal = nil
  }

  /// Takes in what there is now, and forgets what is older than `length`.
  mutating func see(_ current: Int, now: ScalingInstant, length: Duration) {
    if since == nil { since = now }
    if let proposal, proposal.current != current {
      add(proposal, length: length)
      self.proposal = nil
    }
    let expired = entries.prefix { $0.last.advanced(by: length) <= now }
    if !expired.isEmpty { entries.removeFirst(expired.count) }
  }

  /// Takes in what was decided.
  mutating func propose(_ replicas: Int, from current: Int, at now: ScalingInstant) {
    proposal = replicas == current ? nil : Proposal(current: current, replicas: replicas, at: now)
  }

  /// The replicas that a period began with, which ends now with `current`, if only this scaler changed them.
  ///
  /// - Parameter direction: The direction to limit: joined changes count so that it is limited more.
  func start(_ direction: Decision.Direction, current: Int, period: Duration, now: ScalingInstant) -> Int {
    var start = current
    // The newest are last, and what is before one that has expired has expired, too.
    for entry in entries.reversed() {
      let counts = entry.last.advanced(by: period) > now
      guard counts else { break }
      let countsWhole = entry.first.advanced(by: period) > now
      if direction == .up || countsWhole { start = start.addingClamped(-entry.added) }
      if direction == .down || countsWhole { start = start.addingClamped(entry.removed) }
    }
    return start
  }

  /// The changes within a period that ends now.
  func count(within period: Duration, now: ScalingInstant) -> Int {
    entries.reduce(0) { $1.last.advanced(by: period) > now ? $0 + $1.changes : $0 }
  }

  /// When so many of the changes within a period that ends now have left it; nil when there are not as many.
  func expiry(of count: Int, within period: Duration, now: ScalingInstant) -> ScalingInstant? {
    var left = count
    for entry in entries where entry.last.advanced(by: period) > now {
      left -= entry.changes
      if left <= 0 { return entry.last.advanced(by: period) }
    }
    return nil
  }

  /// When the oldest change within a period that ends now leaves it; nil when there is none.
  func firstExpiry(period: Duration, now: ScalingInstant) -> ScalingInstant? {
    entries.lazy.map { $0.last.advanced(by: period) }.first { $0 > now }
  }

  private mutating func add(_ proposal: Proposal, length: Duration) {
    let change = proposal.replicas.addingClamped(-proposal.current)
    let added = max(change, 0)
    let removed = change < 0 ? Int.zero.addingClamped(-max(change, -.max)) : 0
    if let last = entries.last, last.first.duration(to: proposal.at) * 1_024 < length {
      let index = entries.count - 1
      entries[index].last = proposal.at
      entries[index].added = last.added.addingClamped(added)
      entries[index].removed = last.removed.addingClamped(removed)
      entries[index].changes += 1
    } else {
      entries.append(
        Entry(first: proposal.at, last: proposal.at, added: added, removed: removed, changes: 1))
    }
  }
}
