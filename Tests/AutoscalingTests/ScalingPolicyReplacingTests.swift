import Autoscaling
import Testing

@Suite("Policies with settings replaced")
struct ScalingPolicyReplacingTests {
  @Test("only what was asked for is different")
  func replacing() throws {
    let schedule = try ScalingSchedule(from: "0 8 * * *", to: "0 9 * * *", min: 3)
    let fallback = FallbackPolicy(afterFailures: 4, replicas: 2, allowLowering: true)
    let objectives = ScalingObjectives(drainWithin: .seconds(60))
    let rates = [ScalingRate(.pods, 4, period: .seconds(15))]
    func policy(
      _ processes: Int, _ min: Int, _ poll: Int, _ idle: Int, _ window: Duration?, _ up: Double,
      _ down: Double,
      stale: Int
    ) throws -> ScalingPolicy {
      try ScalingPolicy(
        processesPerReplica: processes, combine: .max, min: min, max: 40, schedules: [schedule],
        objectives: objectives,
        pollInterval: .seconds(poll),
        scaleUp: ScalingBehavior(tolerance: up, stabilizationWindow: window, policies: rates, select: .min),
        idleFor: .seconds(idle),
        scaleDown: ScalingBehavior(tolerance: down, stabilizationWindow: .seconds(7), policies: rates),
        maxChangesPerHour: 12, stalenessLimit: .seconds(stale), fallback: fallback)
    }
    let replaced = try policy(1, 0, 2, 60, nil, 0.2, 0.1, stale: 45).replacing(
      processesPerReplica: 3, min: 2, pollInterval: .seconds(20), idleFor: .seconds(90),
      growthWindow: .seconds(5), growthTolerance: 0.5, shrinkingTolerance: 0.6)
    #expect(replaced == (try policy(3, 2, 20, 90, .seconds(5), 0.5, 0.6, stale: 60)))
  }

  @Test("what is not possible is refused")
  func impossible() throws {
    let base = try ScalingPolicy(max: 4)
    #expect(throws: ScalingPolicyError.self) {
      try base.replacing(
        processesPerReplica: 1, min: 5, pollInterval: .seconds(2), idleFor: .zero, growthWindow: .zero,
        growthTolerance: 0, shrinkingTolerance: 0)
    }
  }
}
