import Autoscaling
import Simulation
import Testing

/// A hundred processes of 30 s at once, pods that start in 10 s, and nothing that limits their creation: enough to
/// work out by hand what each autoscaler makes of it.
@Suite("A burst of 100")
struct BurstTests {
  private func outcome(_ autoscaler: any AutoscalerModel, replicas: Int = 0) throws -> SimulationOutcome {
    let burst = [SimulatedProcess](
      repeating: SimulatedProcess(submittedAt: .zero, serviceTime: .seconds(30), executorType: "fibonacci"),
      count: 100)
    var simulation = Simulation()
    simulation.staggersLoops = false
    simulation.cluster.podsCreatedPerSecond = nil
    simulation.cluster.initialReplicas = replicas
    simulation.cluster.apiLatency = .zero
    simulation.queue.answerTime = .zero
    return try simulation.run(burst, autoscaler)
  }

  @Test("this package's: all start after the first poll and 10 s")
  func ours() throws {
    let policy = try ScalingPolicy(max: 100)
    let outcome = try outcome(PolicyAutoscaler(name: "ours", policy: policy))
    #expect(outcome.done == 100)
    // The poll at 0 s finds all. 100 pods start for 10 s and work for 30 s: 100 × 40 s, where 100 × 30 s is work.
    #expect(outcome.waits.max == .seconds(10))
    #expect(outcome.podSeconds == 4_000)
    #expect(outcome.cost == 4_000.0 / 3_000)
    #expect(outcome.changes == 1)
  }

  @Test("a HorizontalPodAutoscaler from 1: six steps, 15 s apart")
  func horizontalPodAutoscaler() throws {
    var model = HorizontalPodAutoscalerModel(max: 100)
    model.min = 1
    let outcome = try outcome(model, replicas: 1)
    #expect(outcome.done == 100)
    // The pod that is there takes a process at 0 s. Syncs double, but to 4 at least: at 0 s to 4, at 15 s to 8, at
    // 30 s to 16, at 45 s to 32, at 60 s to 64, at 75 s to 100: 75 s after the first step.
    #expect(outcome.changes == 6 && outcome.reversals == 0)
    // Pods serve one process every 30 s. Started by 75 s (which is when those of 60 s have 5 s behind them):
    // the 1 at 0, 30, 60; 3 at 10, 40, 70; 4 at 25, 55; 8 at 40, 70; 16 at 55; 32 at 70. That is
    // 3 + 9 + 8 + 16 + 16 + 32 = 84. The other 16 start at 85 s: 36 pods that were wanted at 75 s are ready, and
    // the 4 pods of 25 s finish again.
    #expect(outcome.waits.max == .seconds(85))
  }

  @Test("KEDA from 0: its own loop takes it to 1, the other loop on from there")
  func keda() throws {
    var model = KEDAModel(max: 100)
    model.pollingInterval = .seconds(30)
    let outcome = try outcome(model)
    #expect(outcome.done == 100)
    // Own loop at 0 s: 1 replica. The other one at the same moment finds 0 or 1; it goes last, and sees 1: 4.
    // At 15 s 8, at 30 s 16, at 45 s 32, at 60 s 64, at 75 s 100 less what is done by then.
    #expect(outcome.changes == 7)
  }
}
