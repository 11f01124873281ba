/// How soon others could follow a queue at best: what their intervals alone make of a submission at a random
/// moment. Computed, not measured; all times in seconds.
struct ScalingTheory: Sendable {
  let name: String
  /// The intervals that a submission waits for one after the other, each from none of it to all.
  let intervals: [Double]

  /// Polling as often as the autoscaler does, with nothing else to do.
  static let polling = ScalingTheory(
    name: "polling every 2 s that costs no time", intervals: [BenchPlan.pollInterval / .seconds(1)])

  static let all = [
    polling,
    ScalingTheory(name: "HPA (sync 15 s) with a metrics adapter", intervals: [15]),
    ScalingTheory(name: "KEDA (polling 30 s), then HPA (15 s)", intervals: [30, 15]),
  ]

  var longest: Double { intervals.reduce(0, +) }

  /// The time that a share of the submissions does not exceed.
  func percentile(_ share: Double) -> Double {
    // The share of at most `time` grows with it, so halving finds it.
    var (low, high) = (0.0, longest)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if self.share(within: middle) < share { low = middle } else { high = middle }
    }
    return high
  }

  /// How many of the submissions take no longer than a time: the distribution of the sum of two times (or one)
  /// that are each spread evenly.
  private func share(within time: Double) -> Double {
    guard intervals.count == 2 else { return time / longest }
    let (first, second) = (intervals[0], intervals[1])
    func corner(_ length: Double) -> Double { length > 0 ? length * length / 2 : 0 }
    return (corner(time) - corner(time - first) - corner(time - second)) / (first * second)
  }
}
