/// The upper bounds of a histogram's buckets, without the last one, which has none.
struct HistogramBuckets: Hashable, Sendable {
  let bounds: [Double]
  /// The bounds as they are written, the last one, `+Inf`, included.
  let texts: [String]

  /// Takes bounds that are finite and increase; there must be one at least.
  init(_ bounds: [Double]) {
    precondition(
      !bounds.isEmpty && bounds.allSatisfy(\.isFinite) && zip(bounds, bounds.dropFirst()).allSatisfy(<),
      "buckets are finite and increase: \(bounds)")
    self.bounds = bounds
    texts = bounds.map(\.sample) + ["+Inf"]
  }

  /// From 5 ms to 10 s, as Prometheus's own clients have it.
  static let standard = HistogramBuckets([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])

  /// The bucket that a value belongs to: the first whose bound it does not pass.
  func index(of value: Double) -> Int {
    var low = 0
    var high = bounds.count
    while low < high {
      let middle = (low + high) / 2
      if value <= bounds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
