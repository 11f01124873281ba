/// The rules by which one scaler turns a queue's demand into replicas. Its values are always possible ones.
public struct ScalingPolicy: Sendable, Hashable {
  /// How many processes one replica is meant to have, waiting and running together; 1 to 1,000,000,000.
  public let processesPerReplica: Int
  /// How the demands of several queues make one.
  public let combine: QueueCombination
  /// The fewest replicas when no schedule says otherwise; 0 to ``max``.
  public let min: Int
  /// The most replicas when no schedule says otherwise; ``min`` to 1,000,000.
  public let max: Int
  /// Other bounds at certain times.
  public let schedules: [ScalingSchedule]
  /// How soon processes are to begin or to have finished.
  public let objectives: ScalingObjectives
  /// The time between two readings of the queue; 100 ms to 1 hour.
  public let pollInterval: Duration
  /// How the number of replicas may grow.
  public let scaleUp: ScalingBehavior
  /// How the number of replicas may shrink.
  public let scaleDown: ScaleDownPolicy
  /// How many changes may be made in any hour, whatever their size; 1 to 1,000, nil for any number.
  public let maxChangesPerHour: Int?
  /// The age from which a reading says nothing any more; also the longest pause between two readings that
  /// still counts as observing without interruption. From ``pollInterval`` to 24 hours.
  public let stalenessLimit: Duration
  /// What to do when the queue stays unknown; nil means to hold for as long as it takes.
  public let fallback: FallbackPolicy?

  /// The range of ``processesPerReplica``.
  public static let processesPerReplicaRange = 1...1_000_000_000
  /// The bounds of all replica numbers.
  public static let replicasRange = 0...1_000_000
  /// The range of ``pollInterval``.
  public static let pollIntervalRange: ClosedRange<Duration> = .milliseconds(100) ... .seconds(3_600)
  /// The longest ``stalenessLimit``.
  public static let longestStaleness: Duration = .seconds(86_400)

  /// Creates a policy; throws all problems at once.
  ///
  /// - Parameters:
  ///   - processesPerReplica: How many processes one replica is meant to have.
  ///   - combine: How the demands of several queues make one.
  ///   - min: The fewest replicas.
  ///   - max: The most replicas.
  ///   - schedules: Other bounds at certain times.
  ///   - objectives: How soon processes are to begin or to have finished.
  ///   - pollInterval: The time between two readings.
  ///   - scaleUp: Tolerance, stabilization window and rates of growing.
  ///   - idleFor: The keep-alive before shrinking; unless set, 60 seconds, or none where `scaleDown` has a
  ///     stabilization window.
  ///   - scaleDown: Tolerance, stabilization window and rates of shrinking.
  ///   - maxChangesPerHour: How many changes may be made in any hour.
  ///   - stalenessLimit: The age from which a reading says nothing; unless set, three poll intervals but at
  ///     least 30 seconds.
  ///   - fallback: What to do when the queue stays unknown.
  public init(
    processesPerReplica: Int = 1, combine: QueueCombination = .sum, min: Int = 0, max: Int,
    schedules: [ScalingSchedule] = [],
    objectives: ScalingObjectives = ScalingObjectives(), pollInterval: Duration = .seconds(2),
    scaleUp: ScalingBehavior = ScalingBehavior(), idleFor: Duration? = nil,
    scaleDown: ScalingBehavior = ScalingBehavior(), maxChangesPerHour: Int? = nil,
    stalenessLimit: Duration? = nil,
    fallback: FallbackPolicy? = nil
  ) throws(ScalingPolicyError) {
    self.processesPerReplica = processesPerReplica
    self.combine = combine
    self.min = min
    self.max = max
    self.schedules = schedules
    self.objectives = objectives
    self.pollInterval = pollInterval
    self.scaleUp = scaleUp
    self.scaleDown = ScaleDownPolicy(idleFor: idleFor, behavior: scaleDown)
    self.maxChangesPerHour = maxChangesPerHour
    self.stalenessLimit = stalenessLimit ?? Swift.max(.seconds(30), pollInterval * 3)
    self.fallback = fallback
    let problems = problems
    guard problems.isEmpty else { throw ScalingPolicyError(problems: problems) }
  }

  /// The replicas that a demand needs, before the bounds: ⌈demand ÷ ``processesPerReplica``⌉.
  public func replicasNeeded(for demand: Int) -> Int {
    let (quotient, remainder) = demand.quotientAndRemainder(dividingBy: processesPerReplica)
    return remainder > 0 ? quotient + 1 : quotient
  }

  /// The largest demand that a number of replicas covers; the largest integer when the product is larger.
  func demandCovered(by replicas: Int) -> Int {
    let (product, overflow) = replicas.multipliedReportingOverflow(by: processesPerReplica)
    return overflow ? .max : product
  }
}
