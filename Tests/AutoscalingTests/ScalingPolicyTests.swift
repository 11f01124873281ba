import Autoscaling
import Testing

@Suite("Possible policies")
struct ScalingPolicyTests {
  @Test("defaults")
  func defaults() throws {
    let policy = try ScalingPolicy(max: 4)
    #expect(policy.processesPerReplica == 1)
    #expect(policy.min == 0)
    #expect(policy.pollInterval == .seconds(2))
    #expect(policy.scaleDown.idleFor == .seconds(60))
    #expect(policy.stalenessLimit == .seconds(30))
    #expect(policy.fallback == nil)
    #expect(try ScalingPolicy(max: 4, pollInterval: .seconds(60)).stalenessLimit == .seconds(180))
  }

  @Test("all problems come at once, by the names in a configuration file")
  func problems() {
    let error = #expect(throws: ScalingPolicyError.self) {
      try ScalingPolicy(
        processesPerReplica: 0, min: -1, max: 2_000_000, pollInterval: .zero, idleFor: .seconds(-1),
        stalenessLimit: .seconds(90_000), fallback: FallbackPolicy(afterFailures: 0, replicas: -1))
    }
    #expect(
      error?.problems.map(\.setting) == [
        .processesPerReplica, .min, .max, .pollInterval, .idleFor, .stalenessLimit, .afterFailures,
        .fallbackReplicas,
      ])
    #expect(error?.problems.last?.description == "fallback.replicas: must be from 0 to 1000000, got -1")
    #expect(error?.description.contains("scaleDown.idleFor: must be from 0 s to 1 d, got -1 s") == true)
  }

  @Test("the maximum is at least the minimum, the staleness limit at least the poll interval")
  func relations() {
    let maximum = #expect(throws: ScalingPolicyError.self) { try ScalingPolicy(min: 3, max: 2) }
    #expect(maximum?.description == "max: must be from 3 to 1000000, got 2")
    let stale = #expect(throws: ScalingPolicyError.self) {
      try ScalingPolicy(max: 2, pollInterval: .seconds(60), stalenessLimit: .seconds(59))
    }
    #expect(stale?.problems.map(\.setting) == [.stalenessLimit])
  }

  @Test(
    "the division rounds up and never overflows",
    arguments: [(0, 1, 0), (1, 1, 1), (7, 3, 3), (.max, 1, .max), (.max, 1_000_000_000, 9_223_372_037)])
  func division(demand: Int, processes: Int, needed: Int) throws {
    #expect(try ScalingPolicy(processesPerReplica: processes, max: 1).replicasNeeded(for: demand) == needed)
  }
}
