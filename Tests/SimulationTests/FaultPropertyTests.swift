import Autoscaling
import Simulation
import Testing

/// Each test runs 100 seeds with 100 schedules of faults: 10,000 schedules.
@Suite("Whatever goes wrong")
struct FaultPropertyTests {
  private static let seeds = 0..<100 as Range<UInt64>
  private static let schedules = 100

  /// Bursts and quiet, for two and a half minutes.
  private func workload(_ random: inout SeededRandom) -> [SimulatedProcess] {
    var processes: [SimulatedProcess] = []
    var at = 0.0
    while at < 150 {
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        processes.append(
          SimulatedProcess(
            submittedAt: .seconds(at), serviceTime: .seconds(20 * random.exponential()), executorType: "f"))
      }
      at += 30 * random.exponential()
    }
    return processes
  }

  private func simulation(_ random: inout SeededRandom, window: Duration) -> Simulation {
    var simulation = Simulation()
    simulation.seed = random.next()
    simulation.cluster.startUp = .uniform(.zero ... .seconds(15))
    simulation.cluster.initialReplicas = Int.random(in: 0...8, using: &random)
    simulation.patience = .seconds(60)
    simulation.tail = .seconds(30)
    simulation.seriesBins = 2
    simulation.faults = .random(
      Int.random(in: 0...8, using: &random), within: .seconds(180),
      lasting: FaultSchedule.Lengths(longestLie: window, longest: .seconds(90)), seed: random.next())
    return simulation
  }

  /// Half of them have nothing but a keep-alive; the others any of what else holds changes up.
  private func policy(_ random: inout SeededRandom) throws -> ScalingPolicy {
    let isPlain = Bool.random(using: &random)
    func perhaps<Value>(_ value: Value) -> Value? { !isPlain && random.unit() < 0.4 ? value : nil }
    let rate = ScalingRate(.pods, 2, period: .seconds(10))
    return try ScalingPolicy(
      processesPerReplica: Int.random(in: 1...2, using: &random), min: Int.random(in: 0...1, using: &random),
      max: 10,
      objectives: ScalingObjectives(
        drainWithin: perhaps(.seconds(30)), startWithin: perhaps(.seconds(15))),
      pollInterval: .seconds(Int.random(in: 2...4, using: &random)),
      scaleUp: ScalingBehavior(
        tolerance: perhaps(0.2) ?? 0, stabilizationWindow: perhaps(.seconds(6)),
        policies: perhaps([rate]) ?? []),
      idleFor: .seconds(Int.random(in: 8...25, using: &random)),
      scaleDown: ScalingBehavior(
        tolerance: perhaps(0.2) ?? 0, stabilizationWindow: perhaps(.seconds(30)),
        policies: perhaps([rate]) ?? []),
      maxChangesPerHour: perhaps(20), stalenessLimit: .seconds(12),
      fallback: perhaps(FallbackPolicy(afterFailures: 2, replicas: 5)))
  }

  @Test("nothing is taken away that was needed, or that nobody knows about", arguments: seeds)
  func noWrongScaleDown(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    var scaleDowns = 0
    for schedule in 0..<Self.schedules {
      // Tests that wait for something share the threads.
      await Task.yield()
      let policy = try policy(&random)
      let simulation = simulation(&random, window: policy.scaleDown.window)
      var judge = ScaleDownJudge(policy)
      let outcome = try simulation.run(
        workload(&random), PolicyAutoscaler(name: "ours", policy: policy), observer: { judge.take($0) })
      #expect(judge.violations.isEmpty, "seed \(seed), schedule \(schedule): \(simulation.faults)")
      #expect(outcome.busyKilled == 0 && outcome.busyRemoved == 0, "seed \(seed), schedule \(schedule)")
      #expect(outcome.done + outcome.unfinished == outcome.submitted)
      scaleDowns += judge.scaleDowns
    }
    #expect(scaleDowns > Self.schedules, "hardly anything was taken away at all")
  }

  /// What a queue that cannot be asked has, to somebody who does not tell unknown from nothing.
  private struct UnknownIsNothing: AutoscalerModel {
    var model: PolicyAutoscaler
    var name: String { "unknown is nothing" }
    var loops: [AutoscalerLoop] { model.loops }

    mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
      guard case .failure(let failure) = view.observation,
        // Zeros are never refused.
        let nothing = try? QueueReading(
          waiting: 0, running: 0, observedAt: failure.failedAt,
          source: QueueSource(name: "the simulated queue", colony: "simulation"))
      else { return model.decide(loop: loop, view) }
      return model.decide(
        loop: loop,
        AutoscalerView(
          now: view.now, observation: .reading(nothing), wantedReplicas: view.wantedReplicas,
          pods: view.pods, readyPods: view.readyPods))
    }

    mutating func restart() { model.restart() }
  }

  @Test("the judge finds those who take unknown for nothing")
  func judgeIsNotBlind() throws {
    var random = SeededRandom(seed: 1)
    var violations = 0
    for _ in 0..<20 {
      let policy = try policy(&random)
      let simulation = simulation(&random, window: policy.scaleDown.window)
      var judge = ScaleDownJudge(policy)
      let model = UnknownIsNothing(model: PolicyAutoscaler(name: "ours", policy: policy))
      _ = try simulation.run(workload(&random), model, observer: { judge.take($0) })
      violations += judge.violations.count
    }
    #expect(violations > 0)
  }
}
