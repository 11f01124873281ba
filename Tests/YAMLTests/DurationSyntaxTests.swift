import TestSupport
import Testing
import YAML

@Suite("Durations in configuration files")
struct DurationSyntaxTests {
  @Test(
    "units from large to small, each at most once",
    arguments: [
      ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h30m", .seconds(5_400)),
      ("1h1m1s1ms", .milliseconds(3_661_001)), ("0s", .zero), ("90m", .seconds(5_400)),
      ("1000000h", .seconds(3_600_000_000)), ("", nil), ("30", nil), ("s", nil), ("1.5s", nil), ("-5s", nil),
      ("5m1h", nil), ("5m5m", nil), ("1d", nil), ("5M", nil), ("5 m", nil), ("1000001h", nil),
      ("1000000h1ms", nil),
      ("99999999999999999999s", nil), ("9223372036854775807h", nil),
    ] as [(String, Duration?)])
  func parses(text: String, duration: Duration?) {
    #expect(DurationSyntax.duration(text) == duration)
  }

  @Test(
    "a duration is written with the fewest units",
    arguments: [
      (.zero, "0s"), (.milliseconds(250), "250ms"), (.seconds(5_400), "1h30m"), (.seconds(86_400), "24h"),
      (.milliseconds(61_005), "1m1s5ms"), (.seconds(-1), "0s"), (.seconds(Int64.max), "1000000h"),
    ] as [(Duration, String)])
  func writes(duration: Duration, text: String) {
    #expect(DurationSyntax.text(duration) == text)
  }

  @Test("what is written reads as the same", arguments: 0..<4 as Range<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<1_000 {
      let duration = Duration.milliseconds(random.next(in: 0...100_000_000))
      #expect(DurationSyntax.duration(DurationSyntax.text(duration)) == duration)
    }
  }
}
