package import CivilCalendar

/// The offsets from UTC that a time zone had, has and will have.
package struct TimeZoneRules: Sendable, Hashable {
  /// A moment from which another offset holds.
  struct Transition: Sendable, Hashable {
    /// Seconds since the beginning of 1970, UTC.
    let at: Int
    /// Seconds east of UTC.
    let offset: Int
  }

  /// The changes, in their order.
  let transitions: [Transition]
  /// The offset before the first change, in seconds east of UTC.
  let firstOffset: Int
  /// The rule after the last change; nil keeps the last offset.
  let rule: RecurringRule?

  /// Coordinated universal time.
  package static let utc = TimeZoneRules(transitions: [], firstOffset: 0, rule: nil)

  /// The offset at a moment in seconds since the beginning of 1970, in seconds east of UTC.
  package func offset(at seconds: Int) -> Int {
    if let rule, seconds >= transitions.last?.at ?? .min { return rule.offset(at: seconds) }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? firstOffset : transitions[low - 1].offset
  }

  /// What clocks show at a moment.
  package func civilTime(at seconds: Int) -> CivilTime { CivilTime(seconds: seconds + offset(at: seconds)) }

  /// The moment at which clocks show a time: the first where they show it twice, and where they never do, the
  /// moment at which they jump over it.
  package func seconds(at time: CivilTime) -> Int {
    let local = time.seconds
    // No zone is farther from UTC than 26 hours, nor are two changes that near.
    let before = offset(at: local - 93_600)
    let after = offset(at: local + 93_600)
    let first = local - before
    if offset(at: first) == before { return first }
    let second = local - after
    if offset(at: second) == after { return second }
    return jump(over: local, from: first - 93_600, to: first + 93_600)
  }

  /// The first moment at which clocks show a time or a later one.
  private func jump(over local: Int, from: Int, to: Int) -> Int {
    var low = from
    var high = to
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle + offset(at: middle) >= local { high = middle } else { low = middle }
    }
    return high
  }
}
