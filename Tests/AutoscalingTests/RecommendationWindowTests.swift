import TestSupport
import Testing

@testable import Autoscaling

@Suite("The highest recommendation of the recent past")
struct RecommendationWindowTests {
  /// Keeps everything and searches it all.
  private struct Model {
    var samples: [(replicas: Int, at: ScalingInstant)] = []

    /// Between two samples the earlier one counts.
    func highest(at instant: ScalingInstant, length: Duration) -> Int? {
      let begin = instant.advanced(by: .zero - length)
      guard let first = samples.first, first.at <= begin else { return nil }
      let relevant = samples.indices.filter { index in
        index + 1 == samples.count || samples[index + 1].at > begin
      }
      return relevant.map { samples[$0].replicas }.max()
    }
  }

  @Test(
    "agrees with a model that keeps everything, to 1/64 of the length", arguments: 0..<40 as Range<UInt64>)
  func model(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let length = Duration.milliseconds(random.element(of: [0, 1, 64, 300, 1_000, 60_000]))
    let range = random.element(of: [3, 100, 1_000_000])
    let step = random.element(of: [1, 5, 100, 3_000])
    var window = RecommendationWindow()
    var model = Model()
    var now = ScalingInstant.origin
    var drift = range / 2
    let jumps = random.element(of: [0, 2, 30])
    for _ in 0..<1_000 {
      now = now.advanced(by: .milliseconds(random.next(in: 0...step)))
      if random.next(in: 1...500) == 1 {
        window.forget()
        model.samples = []
      }
      drift = random.chance(jumps) ? random.next(in: 0...range) : max(0, drift - random.next(in: 0...2))
      window.record(drift, at: now, now: now, length: length)
      model.samples.append((drift, now))
      let highest = window.highest(at: now, length: length)
      guard let atLeast = model.highest(at: now, length: length) else {
        #expect(highest == nil, "seed \(seed)")
        continue
      }
      let atMost = model.highest(at: now, length: length + length / 64) ?? .max
      #expect(
        highest.map { atLeast <= $0 && $0 <= atMost } == true, "seed \(seed): \(String(describing: highest))")
      #expect(window.past.count <= 66, "seed \(seed)")
    }
  }

  @Test("a million falling recommendations are kept in a bounded number of entries")
  func bounded() {
    var window = RecommendationWindow()
    var most = 0
    for index in 0..<1_000_000 {
      let now = ScalingInstant(offset: .milliseconds(index))
      window.record(1_000_000 - index, at: now, now: now, length: .seconds(60))
      most = max(most, window.past.count)
    }
    #expect(most <= 66)
  }

  @Test("the next step below tells what the window allows, and from when")
  func nextBelow() throws {
    var window = RecommendationWindow()
    let length = Duration.seconds(60)
    func at(_ seconds: Int) -> ScalingInstant { ScalingInstant(offset: .seconds(seconds)) }
    #expect(window.nextBelow(5, length: length) { $0 } == nil)
    for (seconds, replicas) in [(0, 6), (100, 4), (110, 1)] {
      window.record(replicas, at: at(seconds), now: at(seconds), length: length)
    }
    for (below, replicas, seconds) in [(9, 6, 60), (6, 4, 160), (5, 4, 160), (4, 1, 170), (2, 1, 170)] {
      let next = try #require(window.nextBelow(below, length: length) { $0 })
      #expect(next == (replicas, at(seconds)))
    }
    #expect(window.nextBelow(1, length: length) { $0 } == nil)
    #expect(window.nextBelow(4, length: length) { max($0, 4) } == nil)
  }
}
