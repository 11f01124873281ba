/// A number that was aimed at, and what was measured.
struct Aim: Sendable {
  let name: String
  let limit: Double
  /// Nil when it was not measured.
  let value: Double?

  var verdict: String { value.map { $0 <= limit ? "ok" : "missed" } ?? "not measured" }

  static func all(_ results: Bench.Results) -> [Aim] {
    func size(_ scalers: Int) -> Bench.Result? { results.sizes.first { $0.scalers == scalers } }
    return [
      Aim(name: "submit to patch, p50, s", limit: 1.5, value: results.latency?.times.percentile(0.5)),
      Aim(name: "submit to patch, p99, s", limit: 3, value: results.latency?.times.percentile(0.99)),
      Aim(name: "idle API requests a minute, 1 scaler", limit: 60, value: size(1)?.idle.allAPIRequests),
      Aim(
        name: "MiB resident with 100 scalers", limit: 24, value: size(100).map { $0.idle.memory / mebibyte }),
      Aim(name: "decisions with 1,000 scalers, p99, s", limit: 1, value: size(1_000)?.idle.decisionBound),
    ]
  }
}

/// Bytes.
let mebibyte = 1_048_576.0

extension [Duration] {
  /// The time that a share of them does not exceed, by the nearest rank, in seconds; nil when there are none.
  func percentile(_ share: Double) -> Double? {
    guard !isEmpty else { return nil }
    let rank = Int((share * Double(count)).rounded(.up))
    return sorted()[Swift.max(rank, 1) - 1] / .seconds(1)
  }
}
