extension ScalingPolicy {
  /// Everything about the values that is not possible.
  var problems: [ScalingPolicyProblem] {
    var checks = ScalingPolicyChecks()
    let replicas = Self.replicasRange
    checks.check(.processesPerReplica, processesPerReplica, in: Self.processesPerReplicaRange)
    checks.check(.min, min, in: replicas)
    checks.check(.max, max, in: replicas)
    if checks.problems.isEmpty { checks.check(.max, max, min, replicas.upperBound, \.description) }
    for schedule in schedules {
      if let fewest = schedule.min {
        checks.check(.schedules, fewest, in: 0...Swift.max(schedule.max ?? max, 0))
      }
      if let most = schedule.max { checks.check(.schedules, most, in: replicas) }
    }
    for (objective, within) in objectives.all {
      checks.check(
        objective == .drainWithin ? .drainWithin : .startWithin, within, in: ScalingObjectives.range)
    }
    checks.check(.concurrency, objectives.concurrency, in: ScalingObjectives.concurrencyRange)
    checks.check(.pollInterval, pollInterval, in: Self.pollIntervalRange)
    check(scaleUp, .up, &checks)
    checks.check(.idleFor, scaleDown.idleFor, in: ScaleDownPolicy.idleForRange)
    check(scaleDown.behavior, .down, &checks)
    if let maxChangesPerHour {
      checks.check(.maxChangesPerHour, maxChangesPerHour, in: ChangeBudget.range)
    }
    checks.check(.stalenessLimit, stalenessLimit, pollInterval, Self.longestStaleness, \.spelledOut)
    if let fallback {
      checks.check(.afterFailures, fallback.afterFailures, in: FallbackPolicy.afterFailuresRange)
      checks.check(.fallbackReplicas, fallback.replicas, in: replicas)
    }
    return checks.problems
  }

  private typealias Setting = ScalingPolicyProblem.Setting

  private func check(
    _ behavior: ScalingBehavior, _ direction: Decision.Direction, _ checks: inout ScalingPolicyChecks
  ) {
    func setting(_ up: Setting, _ down: Setting) -> Setting { direction == .up ? up : down }
    let tolerance = ScalingBehavior.toleranceRange
    checks.check(
      setting(.scaleUpTolerance, .scaleDownTolerance), behavior.tolerance, tolerance.lowerBound,
      tolerance.upperBound, \.description)
    if let window = behavior.stabilizationWindow {
      checks.check(
        setting(.scaleUpStabilization, .scaleDownStabilization), window,
        in: ScalingBehavior.stabilizationWindowRange)
    }
    let policies = setting(.scaleUpPolicies, .scaleDownPolicies)
    checks.check(policies, behavior.policies.count, in: ScalingBehavior.policiesCount)
    for policy in behavior.policies {
      checks.check(policies, policy.value, in: ScalingRate.valueRange)
      checks.check(policies, policy.period, in: ScalingRate.periodRange)
    }
  }
}

/// Collects the values that are out of their ranges.
struct ScalingPolicyChecks {
  private(set) var problems: [ScalingPolicyProblem] = []

  mutating func check(_ setting: ScalingPolicyProblem.Setting, _ value: Int, in range: ClosedRange<Int>) {
    check(setting, value, range.lowerBound, range.upperBound, \.description)
  }

  mutating func check(
    _ setting: ScalingPolicyProblem.Setting, _ value: Duration, in range: ClosedRange<Duration>
  ) {
    check(setting, value, range.lowerBound, range.upperBound, \.spelledOut)
  }

  mutating func check<Value: Comparable>(
    _ setting: ScalingPolicyProblem.Setting, _ value: Value, _ lower: Value, _ upper: Value,
    _ text: (Value) -> String
  ) {
    // Not the other way round: a number that is none is in no range.
    guard !(value >= lower && value <= upper) else { return }
    let message = "must be from \(text(lower)) to \(text(upper)), got \(text(value))"
    problems.append(ScalingPolicyProblem(setting: setting, message: message))
  }
}
