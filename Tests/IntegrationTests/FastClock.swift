/// A clock on which waits are shorter than they are.
struct FastClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  let factor: Int
  private let start = ContinuousClock.now

  init(factor: Int) { self.factor = factor }

  var now: Instant { Instant(offset: (ContinuousClock.now - start) * factor) }
  var minimumResolution: Duration { .nanoseconds(factor) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try await Task.sleep(until: start + deadline.offset / factor, clock: .continuous)
  }
}
