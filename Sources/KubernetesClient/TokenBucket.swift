/// How many requests may go out: so many a second, and a few at once after a quiet time. Does not wait itself.
struct TokenBucket: Sendable {
  private let interval: Duration
  private let burst: Int
  /// When the bucket is full again. What lies in the future of `now` is what has been taken and not refilled.
  private var fullAt = Duration.zero

  /// - Precondition: Both are positive.
  init(perSecond rate: Double, burst: Int) {
    precondition(rate > 0 && burst > 0)
    interval = .seconds(1) / rate
    self.burst = burst
  }

  /// Takes one, if that can be had within `patience`.
  /// - Returns: How long to wait before using it; nil when that would be too long, and then none is taken.
  mutating func take(at now: Duration, patience: Duration) -> Duration? {
    let full = max(fullAt, now) + interval
    let wait = full - now - interval * burst
    guard wait <= patience else { return nil }
    fullAt = full
    return max(wait, .zero)
  }
}
