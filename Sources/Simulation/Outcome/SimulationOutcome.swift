/// What came of a simulation. Its size does not depend on how long the trace was.
public struct SimulationOutcome: Sendable, Hashable {
  /// What the autoscaler is called.
  public let name: String
  /// How long was simulated, from the beginning of the trace on.
  public let length: Duration

  /// Processes that were submitted.
  public let submitted: Int
  /// Processes that were done.
  public let done: Int
  /// Processes that failed: their lease ended once too often.
  public let failed: Int
  /// Processes that were neither when the simulation ended.
  public let unfinished: Int
  /// How often a process came back to the queue.
  public let requeued: Int

  /// How long processes waited that were done: from submission to end, less the service time. What was begun and
  /// lost counts as waiting.
  public let waits: WaitHistogram

  /// The time that pods existed, from creation to the end, in seconds.
  public let podSeconds: Double
  /// The service times of the processes that were done, in seconds.
  public let jobSeconds: Double

  /// Workers that were killed with a process, after the grace period.
  public let busyKilled: Int
  /// Workers that had a process when they were told to go; those that were killed included.
  public let busyRemoved: Int
  /// Changes of the number of replicas.
  public let changes: Int
  /// Changes in the other direction than the one before.
  public let reversals: Int
  /// Rounds of the autoscaler's loops, most of which change nothing.
  public let decisions: Int
  /// The most pods at once.
  public let highestPods: Int
  /// The replicas wanted in the end.
  public let finalReplicas: Int

  /// How well the workers matched the demand.
  public let elasticity: ElasticityMeasures
  /// How it went over time.
  public let series: SimulationSeries

  /// What was paid for what was done: pod-seconds ÷ job-seconds, 1 at best; nil when nothing was done.
  public var cost: Double? { jobSeconds > 0 ? podSeconds / jobSeconds : nil }
}
