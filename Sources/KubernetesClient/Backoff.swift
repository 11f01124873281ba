/// How long to wait before trying again: twice as long each time, up to a limit, and never exactly, so that
/// clients that failed together do not come back together.
struct Backoff: Sendable {
  let first: Duration
  let limit: Duration
  private var step: Duration

  init(from first: Duration, to limit: Duration) {
    self.first = first
    self.limit = limit
    step = first
  }

  /// The next wait: between a half and the whole of the present step.
  mutating func next(using randomness: Randomness) -> Duration {
    defer { step = min(step * 2, limit) }
    return step * randomness.fraction(in: 0.5...1)
  }

  mutating func reset() { step = first }
}
