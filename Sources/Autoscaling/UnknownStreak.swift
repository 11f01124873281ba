/// Polls in a row that left the queue unknown.
struct UnknownStreak: Sendable, Hashable {
  /// How many there were, each one counted once however often it is decided on.
  private(set) var count = 1
  /// When the first one was decided on.
  let since: ScalingInstant
  private var newest: ScalingInstant

  init(poll: ScalingInstant, now: ScalingInstant) {
    since = now
    newest = poll
  }

  /// Counts a poll, which its moment identifies.
  mutating func add(poll: ScalingInstant) {
    guard poll != newest else { return }
    newest = poll
    count += count < .max ? 1 : 0
  }
}
