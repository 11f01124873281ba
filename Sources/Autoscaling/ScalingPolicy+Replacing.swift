extension ScalingPolicy {
  /// The policy with some settings replaced, and everything else as it is.
  ///
  /// - Parameters:
  ///   - processesPerReplica: How many processes one replica is meant to have.
  ///   - min: The fewest replicas.
  ///   - pollInterval: The time between two readings; ``stalenessLimit`` grows to three of them if it is less.
  ///   - idleFor: The keep-alive before shrinking.
  ///   - growthWindow: The stabilization window of growing.
  ///   - growthTolerance: The tolerance of growing.
  ///   - shrinkingTolerance: The tolerance of shrinking.
  public func replacing(
    processesPerReplica: Int, min: Int, pollInterval: Duration, idleFor: Duration, growthWindow: Duration,
    growthTolerance: Double, shrinkingTolerance: Double
  ) throws(ScalingPolicyError) -> ScalingPolicy {
    try ScalingPolicy(
      processesPerReplica: processesPerReplica, combine: combine, min: min, max: max, schedules: schedules,
      objectives: objectives,
      pollInterval: pollInterval,
      scaleUp: ScalingBehavior(
        tolerance: growthTolerance, stabilizationWindow: growthWindow, policies: scaleUp.policies,
        select: scaleUp.select), idleFor: idleFor,
      scaleDown: ScalingBehavior(
        tolerance: shrinkingTolerance, stabilizationWindow: scaleDown.behavior.stabilizationWindow,
        policies: scaleDown.behavior.policies, select: scaleDown.behavior.select),
      maxChangesPerHour: maxChangesPerHour, stalenessLimit: Swift.max(stalenessLimit, pollInterval * 3),
      fallback: fallback)
  }
}
