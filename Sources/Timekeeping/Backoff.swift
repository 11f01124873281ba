/// How long to wait before trying again: twice as long each time, up to a limit, and never exactly, so that
/// those that failed together do not come back together.
package struct Backoff: Sendable {
  private let first: Duration
  private let limit: Duration
  private var step: Duration

  package init(from first: Duration, to limit: Duration) {
    self.first = first
    self.limit = limit
    step = first
  }

  /// The next wait: between a half and the whole of the present step.
  package mutating func next(using randomness: inout some RandomNumberGenerator) -> Duration {
    defer { step = min(step * 2, limit) }
    return step * Double.random(in: 0.5...1, using: &randomness)
  }

  package mutating func reset() { step = first }
}
