import Autoscaling
import Simulation
import Testing

@Suite("A burst")
struct BurstTests {
  @Test("starts as soon as one poll has seen it and the pods have started")
  func startsInOneStep() throws {
    let jobs = [SimulatedProcess](
      repeating: SimulatedProcess(submittedAt: .zero, serviceTime: .seconds(30), executorType: "fibonacci"),
      count: 100)
    var simulation = Simulation()
    simulation.cluster.podsCreatedPerSecond = nil
    let policy = try ScalingPolicy(max: 100)
    let outcome = try simulation.run(jobs, PolicyAutoscaler(name: "ours", policy: policy))
    #expect(outcome.done == 100)
    let longest = try #require(outcome.waits.max)
    // 10 s to start, and no more than one poll and two calls.
    #expect(longest >= .seconds(10) && longest <= .milliseconds(12_030))
    // Each pod starts for 10 s and works for 30 s.
    #expect(outcome.podSeconds == 4_000)
    #expect(outcome.changes == 1)
  }
}
