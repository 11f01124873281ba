/// A process of a workload: when it is submitted, and how long a worker is busy with it.
public struct SimulatedProcess: Sendable, Hashable {
  /// When it is submitted, since the beginning of the trace; not negative.
  public var submittedAt: Duration
  /// How long one worker is busy with it, from start to end; not negative.
  public var serviceTime: Duration
  /// The executor type that it asks for.
  public var executorType: String
  /// Colonies' priority: each step lets it be as if submitted a day earlier. 0 unless set.
  public var priority: Int

  /// Creates a process; a ``Simulation`` checks the values when it takes it.
  public init(submittedAt: Duration, serviceTime: Duration, executorType: String, priority: Int = 0) {
    self.submittedAt = submittedAt
    self.serviceTime = serviceTime
    self.executorType = executorType
    self.priority = priority
  }
}
