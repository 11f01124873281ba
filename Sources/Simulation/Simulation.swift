/// A discrete-event simulation of one worker pool, its queue and its autoscaler.
///
/// Nothing but the seed is random: the same settings, workload and autoscaler give the same outcome. The memory
/// it takes depends on the most processes that wait at once and the most pods, not on the trace's length.
public struct Simulation: Sendable {
  /// The cluster that the workers run in.
  public var cluster = SimulatedCluster()
  /// The queue that they work on.
  public var queue = SimulatedQueue()
  /// What goes wrong; nothing unless set.
  public var faults = FaultSchedule()
  /// The executor type that is simulated: other processes of the workload are passed over; nil for all.
  public var executorType: String?
  /// The time since the beginning of 1970, UTC, at which the trace begins; nil when that is not known. Schedules
  /// go by it.
  public var beginsAt: Duration?
  /// What random numbers begin with.
  public var seed: UInt64 = 1
  /// Whether each loop of an autoscaler begins at a random moment of its first period, as nothing ties it to
  /// what it watches; otherwise all begin with the trace.
  public var staggersLoops = true
  /// How long to go on after the last process has ended.
  public var tail = Duration.zero
  /// How long to go on at most after the last process was submitted; 7 days unless set. What has not ended then
  /// is unfinished.
  public var patience = Duration.seconds(7 * 86_400)
  /// The most bins of the outcome's series; an even number, 512 unless set.
  public var seriesBins = 512

  /// Creates a simulation with the defaults.
  public init() {}

  /// How far a simulation is.
  public struct Progress: Sendable, Hashable {
    /// The moment that was reached, since the beginning of the trace.
    public let reached: Duration
    /// Processes that were submitted.
    public let submitted: Int
    /// Processes that have ended.
    public let ended: Int
    /// Decisions that were made.
    public let decisions: Int
  }

  /// Runs the whole simulation.
  ///
  /// - Parameters:
  ///   - workload: What is submitted.
  ///   - autoscaler: What scales the pool; used as it is, in its first state.
  ///   - observer: Told what happens between the autoscaler and what it scales.
  ///   - progress: Called from time to time, about every 10,000 events.
  /// - Returns: What came of it.
  /// - Throws: ``SimulationError`` for settings and workloads that are not possible, `CancellationError` when the
  ///   task is cancelled, and what the workload throws.
  public func run(
    _ workload: any SimulatedWorkload, _ autoscaler: any AutoscalerModel,
    observer: ((SimulationEvent) -> Void)? = nil, progress: (Progress) -> Void = { _ in }
  ) throws -> SimulationOutcome {
    try check(autoscaler)
    return try withoutActuallyEscaping(observer ?? { _ in }) { observe in
      var run = try SimulationRun(self, workload, autoscaler, observer: observer == nil ? nil : observe)
      return try run.run(progress)
    }
  }
}
