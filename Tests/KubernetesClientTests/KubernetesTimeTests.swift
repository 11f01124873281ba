import TestSupport
import Testing

@testable import KubernetesClient

struct KubernetesTimeTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.5Z", -500_000),
    ("2000-02-29T12:00:00Z", 951_825_600_000_000),
    ("2026-11-22T20:07:37.123456Z", 1_795_378_057_123_456),
    ("2026-11-22T22:07:37.123456789+02:00", 1_795_378_057_123_456),
    ("1600-03-01T00:00:00Z", -11_670_912_000_000_000),
  ])
  func reads(text: String, microseconds: Int64) {
    #expect(KubernetesTime(text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2026-11-22", "2026-11-22T20:07:37", "2026-13-22T20:07:37Z", "2026-11-22T20:07:37.Z", "x",
    "2026-11-22T20:07:37Zx", "2026-11-22T24:07:37Z",
  ])
  func refuses(text: String) { #expect(KubernetesTime(text) == nil) }

  @Test("the API takes exactly six digits")
  func microTime() {
    #expect(KubernetesTime(microseconds: 1_795_378_057_000_050).micro == "2026-11-22T20:07:37.000050Z")
    #expect(KubernetesTime(microseconds: 1_795_378_057_000_050).seconds == "2026-11-22T20:07:37Z")
    #expect(KubernetesTime(microseconds: -1).micro == "1969-12-31T23:59:59.999999Z")
  }

  @Test func everyMomentSurvivesWritingAndReading() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<2000 {
      let time = KubernetesTime(
        microseconds: .random(in: -60_000_000_000_000_000...250_000_000_000_000_000, using: &random))
      #expect(KubernetesTime(time.micro) == time)
    }
  }
}
