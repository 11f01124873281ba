extension Simulation {
  /// Refuses settings that are out of their ranges.
  func check(_ autoscaler: any AutoscalerModel) throws(SimulationError) {
    func require(_ isPossible: Bool, _ message: @autoclosure () -> String) throws(SimulationError) {
      if !isPossible { throw SimulationError(code: .invalidSetting, message: message()) }
    }
    switch cluster.startUp {
    case .constant(let time): try require(time >= .zero, "a start-up time must not be negative, got \(time)")
    case .uniform(let range):
      try require(range.lowerBound >= .zero, "a start-up time must not be negative, got \(range.lowerBound)")
    case .logNormal(let median, let sigma):
      try require(median >= .zero, "a start-up time must not be negative, got \(median)")
      let range = StartUpDistribution.sigmaRange
      try require(
        range.contains(sigma),
        "sigma must be from \(range.lowerBound) to \(range.upperBound), got \(sigma)")
    }
    if let rate = cluster.podsCreatedPerSecond {
      try require(rate > 0 && rate <= 1e6, "pods created per second must be above 0, to 1e6, got \(rate)")
    }
    try require(cluster.podCreationBurst >= 1, "a burst must be at least 1, got \(cluster.podCreationBurst)")
    let times = [
      ("grace period", cluster.gracePeriod), ("API latency", cluster.apiLatency),
      ("recovery", queue.recovery), ("answer time", queue.answerTime), ("deadline", queue.deadline),
      ("tail", tail),
      ("patience", patience),
    ]
    for (name, time) in times { try require(time >= .zero, "\(name) must not be negative, got \(time)") }
    try require(
      0...SimulatedCluster.mostReplicas ~= cluster.initialReplicas,
      "initial replicas must be from 0 to \(SimulatedCluster.mostReplicas), got \(cluster.initialReplicas)")
    try require(
      0...SimulatedCluster.mostReplicas ~= autoscaler.initialReplicas,
      "initial replicas of \(autoscaler.name) must be from 0 to \(SimulatedCluster.mostReplicas)")
    if let lease = queue.lease { try require(lease > .zero, "a lease must be above zero, got \(lease)") }
    if let retries = queue.maxRetries {
      try require(retries >= 0, "most retries must not be negative, got \(retries)")
    }
    try require(
      seriesBins >= 2 && seriesBins.isMultiple(of: 2) && seriesBins <= 65_536,
      "bins of the series must be an even number from 2 to 65536, got \(seriesBins)")
    for loop in autoscaler.loops {
      try require(loop.period > .zero, "the period of \(autoscaler.name) must be above zero")
      try require(loop.offset >= .zero, "the offset of \(autoscaler.name) must not be negative")
    }
  }
}
