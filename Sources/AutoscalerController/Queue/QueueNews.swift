internal import Autoscaling

/// The newest that is known about each queue of a scaler.
struct QueueNews: Sendable {
  var observations: [QueueObservation]
  var serviceTimes: [ServiceTimesObservation]

  /// Nothing is known yet.
  init(count: Int) {
    observations = Array(repeating: .pending, count: count)
    serviceTimes = Array(repeating: .pending, count: count)
  }

  /// The service times of all queues together, in which each process that was measured counts once; the first
  /// failure, or what is still to come, where those of one queue are missing.
  var allServiceTimes: ServiceTimesObservation {
    var all: [ServiceTimes] = []
    for observation in serviceTimes {
      guard case .known(let times) = observation else { return observation }
      all.append(times)
    }
    let count = all.reduce(0) { $0 + $1.count }
    let sum = all.reduce(Duration.zero) { $0 + $1.mean * $1.count }
    return .known(
      ServiceTimes(
        count: count, mean: count == 0 ? .zero : sum / count,
        observedAt: all.map(\.observedAt).min() ?? .origin))
  }
}
