import TestSupport
import Testing

@testable import DecisionRecording

@Suite("Durations that lose no digit")
struct DurationExactSecondsTests {
  @Test(
    "are written as people would",
    arguments: [
      (Duration.zero, "0"), (.seconds(42), "42"), (.milliseconds(1_500), "1.5"),
      (.nanoseconds(-1), "-0.000000001"),
      (Duration(secondsComponent: 3, attosecondsComponent: 1), "3.000000000000000001"),
      (.seconds(Int64.max), "9223372036854775807"),
    ])
  func written(duration: Duration, text: String) {
    #expect(duration.exactSeconds == text)
    #expect(Duration(exactSeconds: text) == duration)
  }

  @Test("are what was written", arguments: 0..<10 as Range<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<1_000 {
      let seconds = Int64(truncatingIfNeeded: random.next()) >> Int64(random.next(in: 0...62))
      let attoseconds = Int64(random.next() % 1_000_000_000_000_000_000)
      let duration = Duration(
        secondsComponent: max(seconds, -.max), attosecondsComponent: seconds < 0 ? -attoseconds : attoseconds)
      #expect(Duration(exactSeconds: duration.exactSeconds) == duration)
    }
  }

  @Test(
    "are nothing else",
    arguments: [
      "", "-", ".5", "5.", "1e3", "+1", "1.2.3", "0.0000000000000000001", "9223372036854775808", "--1",
    ])
  func refused(text: String) { #expect(Duration(exactSeconds: text) == nil) }
}
