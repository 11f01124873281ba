import Autoscaling
import Simulation
import Testing

/// A hundred processes of 30 s, submitted at once one second after the autoscalers looked; pods start in 10 s, and
/// nothing limits their creation.
@Suite("A burst of 100")
struct BurstTests {
  private func outcome(_ autoscaler: any AutoscalerModel) throws -> SimulationOutcome {
    let outcome = try Simulation.exact().run([SimulatedProcess].burst(100, at: 1, lasting: 30), autoscaler)
    #expect(outcome.done == 100)
    #expect(outcome.busyKilled == 0)
    return outcome
  }

  @Test("this package's autoscaler: all start 10 s after the next poll")
  func ours() throws {
    let policy = try ScalingPolicy(max: 100, pollInterval: .seconds(2))
    let outcome = try outcome(PolicyAutoscaler(name: "ours", policy: policy))
    // The poll at 2 s finds all of them.
    #expect(outcome.waits.max == .seconds(11))
    // 100 pods start for 10 s and work for 30 s, where 30 s is the work.
    #expect(outcome.cost == 4.0 / 3)
    #expect(outcome.changes == 1)
  }

  @Test("a HorizontalPodAutoscaler from 1: six steps, 15 s apart")
  func horizontalPodAutoscaler() throws {
    let outcome = try outcome(HorizontalPodAutoscalerModel(max: 100))
    // Syncs at 15, 30, 45, 60, 75 and 90 s double the replicas, but to 4 at least: 4, 8, 16, 32, 64, 100. The last
    // step is 75 s after the first.
    #expect(outcome.changes == 6)
    // Each pod has done one process every 30 s since it was ready: by 100 s, when the last 36 are ready, these
    // were begun: 4 by the pod of 1 s (at 1, 31, 61, 91), 3 × 3 at 25, 55, 85, 4 × 3 at 40, 70, 100, 8 × 2 at
    // 55, 85, 16 at 70, 32 at 85: 89. The other 11 begin at 100 s, 99 s after they were submitted.
    #expect(outcome.waits.max == .seconds(99))
    #expect(abs(try #require(outcome.cost) - 2.01) < 0.1)
  }

  @Test("KEDA from 0: one loop takes it to 1, and the other one on from there")
  func keda() throws {
    let outcome = try outcome(KEDAModel(max: 100))
    // KEDA's own poll at 30 s goes to 1; the HorizontalPodAutoscaler at the same moment, just after it, to 4; at
    // 45, 60, 75, 90 and 105 s it goes to 8, 16, 32, 64 and 100: 105 s after the poll at 0 s that saw nothing, and
    // 120 s if the two loops were not in step but the one just before the other.
    #expect(outcome.changes == 7)
    // Begun by 115 s, when the last 36 are ready: 3 by the first pod (at 40, 70, 100), 3 × 3 as soon, 4 × 3 at 55,
    // 85, 115, 8 × 2 at 70, 100, 16 × 1 at 85 and again at 115, 32 at 100; so the last begin at 115 s.
    #expect(outcome.waits.max == .seconds(114))
    #expect(abs(try #require(outcome.cost) - 1.99) < 0.1)
  }

  @Test("WPA from 0: the long poll notices at once, and the resync sets all")
  func workerPodAutoscaler() throws {
    let outcome = try outcome(WorkerPodAutoscalerModel(max: 100))
    // Noticed at 1 s, set by the resync at 20 s, ready at 30 s.
    #expect(outcome.waits.max == .seconds(29))
    #expect(outcome.cost == 4.0 / 3)
    #expect(outcome.changes == 1)
  }

  @Test("CPA from its minimum: all at the next poll")
  func clusterProportionalAutoscaler() throws {
    let outcome = try outcome(ClusterProportionalAutoscalerModel(max: 100))
    // The poll at 0 s sets the minimum of 1, the one at 10 s the rest, less what is done by then: the first pod is
    // ready at 10 s, before the poll, and has begun one. Ready at 20 s.
    #expect(outcome.waits.max == .seconds(19))
    #expect(outcome.changes >= 2)
  }
}
