import TestSupport
import Testing
import Timekeeping

@Suite("Waits between attempts")
struct BackoffTests {
  @Test("a backoff doubles up to its limit, and is never exact")
  func backoff() {
    var generator = SplitMix64(seed: 3)
    var backoff = Backoff(from: .milliseconds(200), to: .seconds(2))
    for limit in [200, 400, 800, 1600, 2000, 2000, 2000] {
      #expect(
        (Duration.milliseconds(limit / 2)...Duration.milliseconds(limit)).contains(
          backoff.next(using: &generator)))
    }
    backoff.reset()
    #expect(backoff.next(using: &generator) <= .milliseconds(200))
    #expect(Set((0..<100).map { _ in backoff.next(using: &generator) }).count > 90)
  }
}
