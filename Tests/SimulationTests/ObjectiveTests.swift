import Autoscaling
import Simulation
import Testing

@Suite("Objectives in the simulation")
struct ObjectiveTests {
  /// Every ten minutes 200 processes of 6 s, for two hours.
  private var bursts: [SimulatedProcess] {
    (0..<12).flatMap { [SimulatedProcess].burst(200, at: 600 * $0, lasting: 6) }
  }

  private func outcome(_ objectives: ScalingObjectives) throws -> SimulationOutcome {
    var simulation = Simulation()
    simulation.cluster.podsCreatedPerSecond = nil
    let policy = try ScalingPolicy(processesPerReplica: 50, max: 200, objectives: objectives)
    return try simulation.run(bursts, PolicyAutoscaler(name: "ours", policy: policy))
  }

  @Test("service times, arrivals and start-ups are measured, and what is promised is kept")
  func drainWithin() throws {
    // 200 × 6 s by 200 ÷ 50 = 4 replicas take 300 s.
    let base = try outcome(ScalingObjectives())
    #expect(try #require(base.waits.max) > .seconds(290))
    // 1,200 s of work in 60 − 10 s take 24 replicas. The first burst comes before anything was measured.
    let drained = try outcome(ScalingObjectives(drainWithin: .seconds(60)))
    #expect(drained.done == 2_400)
    #expect(try #require(drained.waits.quantile(0.9)) < .seconds(60))
    #expect(drained.highestPods >= 24 && drained.highestPods < 60)
  }
}
