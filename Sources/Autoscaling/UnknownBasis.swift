/// Why and for how long the queue has been unknown.
public struct UnknownBasis: Sendable, Hashable {
  /// Why it is unknown now.
  public let cause: UnknownCause
  /// How many polls in a row left it unknown, this one included; 0 while there was none.
  public let polls: Int
  /// When the first of them was decided on.
  public let since: ScalingInstant?
  /// When the last trusted reading was observed; nil when there was none.
  public let lastKnownAt: ScalingInstant?
}

extension UnknownBasis {
  /// Several queues as one, of which there must be one at least: the cause and the polls of the one that has been
  /// unknown for most polls, but unknown altogether only since the last one is, and known as long ago as the oldest.
  init(joining queues: [UnknownBasis]) {
    let longest = queues.reduce(queues[0]) { $0.polls >= $1.polls ? $0 : $1 }
    let known = queues.map(\.lastKnownAt)
    self.init(
      cause: longest.cause, polls: longest.polls, since: queues.compactMap(\.since).max(),
      lastKnownAt: known.contains(nil) ? nil : known.compactMap { $0 }.min())
  }
}
