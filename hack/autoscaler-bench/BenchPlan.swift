/// How much is measured.
struct BenchPlan: Sendable {
  /// The numbers of scalers, each measured with an autoscaler of its own.
  let scalers: [Int]
  /// How many submissions are followed from the call to the changed Deployment.
  let submissions: Int
  let isQuick: Bool
  let seed: UInt64

  /// How often the autoscaler reads a queue unless told otherwise.
  static let pollInterval: Duration = .seconds(2)

  /// How long an autoscaler that has nothing to do is watched.
  func idleWindow(scalers: Int) -> Duration {
    if scalers == 1 { return .seconds(isQuick ? 20 : 60) }
    return .seconds(isQuick ? 10 : 30)
  }

  /// Scalers share colonies, so that one call reads the queue of many.
  static func colonies(scalers: Int) -> Int { min(scalers, 10) }
}
