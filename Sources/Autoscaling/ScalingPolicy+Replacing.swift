extension ScalingPolicy {
  /// The policy with some settings replaced, and everything else as it is.
  ///
  /// - Parameters:
  ///   - processesPerReplica: How many processes one replica is meant to have.
  ///   - min: The fewest replicas.
  ///   - pollInterval: The time between two readings; ``stalenessLimit`` grows to three of them if it is less.
  ///   - idleFor: The keep-alive before shrinking.
  ///   - growthWindow: The stabilization window of growing.
  public func replacing(
    processesPerReplica: Int, min: Int, pollInterval: Duration, idleFor: Duration, growthWindow: Duration
  ) throws(ScalingPolicyError) -> ScalingPolicy {
    try ScalingPolicy(
      processesPerReplica: processesPerReplica, combine: combine, min: min, max: max, schedules: schedules,
      objectives: objectives,
      pollInterval: pollInterval,
      scaleUp: ScalingBehavior(
        tolerance: scaleUp.tolerance, stabilizationWindow: growthWindow, policies: scaleUp.policies,
        select: scaleUp.select), idleFor: idleFor, scaleDown: scaleDown.behavior,
      maxChangesPerHour: maxChangesPerHour, stalenessLimit: Swift.max(stalenessLimit, pollInterval * 3),
      fallback: fallback)
  }
}
