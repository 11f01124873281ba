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
  /// How many processes a list of the newest that were done has now, at most ``longestList``.
  public let listed: Int
  /// How long they took on average, from start to end; zero when there are none.
  public let meanServiceTime: Duration
  /// The replicas that are wanted (`spec.replicas`).
  public let wantedReplicas: Int
  /// The pods there are, without those that are being removed (`status.replicas`).
  public let pods: Int
  /// Those of them that are ready (`status.readyReplicas`).
  public let readyPods: Int

  /// The longest list that a Colonies server gives.
  public static let longestList = 100

  /// Creates a view.
  public init(
    now: ScalingInstant, wallTime: Duration? = nil, observation: QueueObservation, submitted: Int = 0,
    taken: Int = 0, listed: Int = 0, meanServiceTime: Duration = .zero, wantedReplicas: Int, pods: Int,
    readyPods: Int
  ) {
    self.now = now
    self.wallTime = wallTime
    self.observation = observation
    self.submitted = submitted
    self.taken = taken
    self.listed = listed
    self.meanServiceTime = meanServiceTime
    self.wantedReplicas = wantedReplicas
    self.pods = pods
    self.readyPods = readyPods
  }
}
