public import Autoscaling

/// What an autoscaler can know of the queue and the pool when it decides.
public struct AutoscalerView: Sendable {
  /// The moment, since the beginning of the trace.
  public let now: ScalingInstant
  /// The same moment as time since the beginning of 1970, UTC; nil when the trace has no date.
  public let wallTime: Duration?
  /// What the question for the queue's depth came to; pending in a loop that does not ask.
  public let observation: QueueObservation
  /// How many processes were ever submitted.
  public let submitted: Int
  /// How many times a worker ever took a process.
  public let taken: Int
  /// The replicas that are wanted (`spec.replicas`).
  public let wantedReplicas: Int
  /// The pods there are, without those that are being removed (`status.replicas`).
  public let pods: Int
  /// Those of them that are ready (`status.readyReplicas`).
  public let readyPods: Int

  /// Creates a view.
  public init(
    now: ScalingInstant, wallTime: Duration? = nil, observation: QueueObservation, submitted: Int = 0,
    taken: Int = 0, wantedReplicas: Int, pods: Int, readyPods: Int
  ) {
    self.now = now
    self.wallTime = wallTime
    self.observation = observation
    self.submitted = submitted
    self.taken = taken
    self.wantedReplicas = wantedReplicas
    self.pods = pods
    self.readyPods = readyPods
  }
}
