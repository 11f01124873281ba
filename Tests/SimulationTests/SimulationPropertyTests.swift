import Autoscaling
import Simulation
import Testing

@Suite("What holds for every simulation")
struct SimulationPropertyTests {
  private func workload(_ random: inout SeededRandom) -> [SimulatedProcess] {
    var at = 0.0
    return (0..<Int.random(in: 0...60, using: &random)).map { _ in
      at += random.unit() < 0.3 ? 0 : 20 * random.exponential()
      return SimulatedProcess(
        submittedAt: .seconds(at), serviceTime: .seconds(random.unit() < 0.1 ? 0 : 40 * random.exponential()),
        executorType: "f", priority: Int.random(in: -1...1, using: &random))
    }
  }

  private func simulation(_ random: inout SeededRandom) -> Simulation {
    var simulation = Simulation()
    simulation.seed = random.next()
    simulation.seriesBins = 8
    simulation.cluster.startUp =
      [
        .constant(.zero), .uniform(.zero ... .seconds(20)), .logNormal(median: .seconds(10), sigma: 1),
      ].randomElement(using: &random) ?? .constant(.zero)
    simulation.cluster.honorsDeletionCost = Bool.random(using: &random)
    simulation.cluster.gracePeriod = .seconds(Int.random(in: 0...30, using: &random))
    simulation.cluster.podsCreatedPerSecond = Bool.random(using: &random) ? nil : 2
    simulation.cluster.podCreationBurst = 2
    simulation.cluster.initialReplicas = Int.random(in: 0...3, using: &random)
    simulation.queue.recovery = .seconds(Int.random(in: 0...60, using: &random))
    if random.unit() < 0.3 {
      simulation.queue.lease = .seconds(Int.random(in: 20...100, using: &random))
      simulation.queue.maxRetries = Int.random(in: 0...2, using: &random)
    }
    if random.unit() < 0.5 {
      simulation.faults = .random(
        4, within: .seconds(600),
        lasting: FaultSchedule.Lengths(longestLie: .seconds(200), longest: .seconds(300)), seed: random.next()
      )
    }
    return simulation
  }

  private func models(_ random: inout SeededRandom) throws -> [any AutoscalerModel] {
    let policy = try ScalingPolicy(
      processesPerReplica: Int.random(in: 1...3, using: &random), max: 8,
      idleFor: .seconds(Int.random(in: 0...60, using: &random)))
    var waitingOnly = KEDAModel(max: 8)
    waitingOnly.metric = .waiting
    return [
      PolicyAutoscaler(name: "ours", policy: policy),
      PolicyAutoscaler(name: "ours, unsparing", policy: policy, scaleIn: .asTheReplicaSetChooses),
      HorizontalPodAutoscalerModel(max: 8), KEDAModel(max: 8), waitingOnly, WorkerPodAutoscalerModel(max: 8),
      ClusterProportionalAutoscalerModel(max: 8), FixedReplicas(2),
    ]
  }

  @Test("every process ends exactly once, and is paid for", arguments: 0..<40 as Range<UInt64>)
  func conservation(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let workload = workload(&random)
    let service = workload.reduce(0) { $0 + $1.serviceTime / .seconds(1) }
    let simulation = simulation(&random)
    for model in try models(&random) {
      await Task.yield()
      let outcome = try simulation.run(workload, model)
      let comment = Comment(rawValue: "seed \(seed), \(model.name): \(simulation)")
      #expect(outcome.submitted == workload.count, comment)
      #expect(outcome.done + outcome.failed == workload.count && outcome.unfinished == 0, comment)
      #expect(outcome.waits.count == outcome.done, comment)
      if outcome.failed == 0 { #expect(abs(outcome.jobSeconds - service) < 1e-3, comment) }
      #expect(outcome.podSeconds >= outcome.jobSeconds - 1e-3, comment)
      if simulation.queue.lease == nil {
        #expect(outcome.failed == 0 && outcome.requeued == outcome.busyKilled, comment)
      }
      #expect(outcome.busyKilled <= outcome.busyRemoved && outcome.reversals <= outcome.changes, comment)
      let measures = outcome.elasticity
      for share in [
        measures.normalizedUnderProvisioning, measures.normalizedOverProvisioning,
        measures.underProvisionedTime + measures.overProvisionedTime,
      ] { #expect(share >= 0 && share <= 1 + 1e-9, comment) }
    }
  }

  @Test("the same seed gives the same outcome, another one another", arguments: 0..<10 as Range<UInt64>)
  func determinism(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let workload = workload(&random) + .burst(5, at: 5_000, lasting: 30)
    var simulation = simulation(&random)
    simulation.cluster.startUp = .uniform(.seconds(1) ... .seconds(20))
    let policy = try ScalingPolicy(max: 8)
    let model = PolicyAutoscaler(name: "ours", policy: policy)
    let outcome = try simulation.run(workload, model)
    #expect(try simulation.run(workload, model) == outcome)
    simulation.seed ^= 1
    #expect(try simulation.run(workload, model) != outcome)
  }

  @Test(
    "who spares the busy kills none, where the deletion cost is honored", arguments: 0..<20 as Range<UInt64>)
  func sparing(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let workload = workload(&random)
    var simulation = simulation(&random)
    simulation.cluster.honorsDeletionCost = true
    let policy = try ScalingPolicy(max: 8, idleFor: .zero)
    let outcome = try simulation.run(workload, PolicyAutoscaler(name: "ours", policy: policy))
    #expect(outcome.busyRemoved == 0, "seed \(seed)")
  }
}
