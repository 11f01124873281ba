internal import Autoscaling

/// What an autoscaler takes for the length of the queue.
public enum QueueMetric: String, Sendable, Hashable, CaseIterable {
  /// Waiting and running processes.
  case waitingAndRunning
  /// Waiting processes only: what is often used where a queue does not tell of those that workers have.
  case waiting

  /// The number in an observation; nil when the queue did not tell.
  func value(_ observation: QueueObservation) -> Int? {
    guard case .reading(let reading) = observation else { return nil }
    return switch self {
    case .waitingAndRunning: reading.demand
    case .waiting: reading.waiting
    }
  }
}
