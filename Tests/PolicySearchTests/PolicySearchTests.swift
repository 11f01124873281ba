import Autoscaling
import PolicySearch
import Simulation
import Testing

@Suite("Search for settings")
struct PolicySearchTests {
  /// A few processes an hour, some of them together.
  private static let workload: [SimulatedProcess] = (0..<40).flatMap { index in
    (0..<(index.isMultiple(of: 6) ? 8 : 1)).map { _ in
      SimulatedProcess(
        submittedAt: .seconds(index * 97), serviceTime: .seconds(15 + index % 40), executorType: "worker")
    }
  }

  private static let space = SearchSpace(
    processesPerReplica: [1, 2, 4], min: [0, 1, 2], pollInterval: [.seconds(5), .seconds(10)],
    idleFor: [0, 30, 120, 300].map { .seconds($0) }, growthWindow: [.zero, .seconds(20)],
    growthTolerance: [0],
    shrinkingTolerance: [0, 0.4])

  private static func outcome(_ policy: ScalingPolicy) throws -> SimulationOutcome {
    try Simulation().run(workload, PolicyAutoscaler(name: "searched", policy: policy))
  }

  /// What comes of every policy of the space.
  private static let outcomes: Result<[ScalingPolicy: SimulationOutcome], any Error> = Result {
    Dictionary(uniqueKeysWithValues: try everything().map { ($0, try outcome($0)) })
  }

  private func simulate(_ policies: [ScalingPolicy]) throws -> [SimulationOutcome] {
    let known = try Self.outcomes.get()
    return try policies.map { try known[$0] ?? Self.outcome($0) }
  }

  /// The outcomes in the space that reach an objective.
  private func feasible(_ objective: SearchObjective) throws -> [SimulationOutcome] {
    try Self.outcomes.get().values.filter { objective.isMet(by: $0) }
  }

  private func objective(_ text: String) throws -> SearchObjective {
    try #require(SearchObjective(parsing: text))
  }

  /// All policies of the space.
  private static func everything() throws -> [ScalingPolicy] {
    let base = try ScalingPolicy(max: 20)
    var policies: [ScalingPolicy] = []
    for processes in space.processesPerReplica {
      for min in space.min {
        for poll in space.pollInterval {
          for idle in space.idleFor {
            for window in space.growthWindow {
              for tolerance in space.shrinkingTolerance {
                policies.append(
                  try base.replacing(
                    processesPerReplica: processes, min: min, pollInterval: poll, idleFor: idle,
                    growthWindow: window, growthTolerance: 0, shrinkingTolerance: tolerance))
              }
            }
          }
        }
      }
    }
    return policies
  }

  @Test(
    "finds what trying everything finds",
    arguments: ["p95 wait <= 20s", "p95 wait <= 1m", "max wait <= 1h", "changes <= 60"])
  func optimum(text: String) async throws {
    let objective = try objective(text)
    let base = try ScalingPolicy(max: 20, pollInterval: .seconds(5), idleFor: .seconds(30))
    let search = PolicySearch(base: base, space: Self.space, objectives: [objective], budget: 288)
    let result = try await search.run { try simulate($0) }
    let feasible = try feasible(objective)
    #expect(result.best.isMet == !feasible.isEmpty)
    #expect(result.best.outcome.cost == feasible.compactMap(\.cost).min())
    // The outcome is that of the policy.
    #expect(try simulate([result.best.policy])[0] == result.best.outcome)
  }

  @Test(
    "a quarter of the simulations come within a tenth of the best", arguments: 1...8 as ClosedRange<UInt64>)
  func budget(seed: UInt64) async throws {
    let objective = try objective("p95 wait <= 20s")
    let base = try ScalingPolicy(max: 20, pollInterval: .seconds(5), idleFor: .seconds(30))
    let search = PolicySearch(base: base, space: Self.space, objectives: [objective], budget: 72, seed: seed)
    var simulated = 0
    let result = try await search.run { policies in
      simulated += policies.count
      return try simulate(policies)
    }
    #expect(simulated <= 72 && simulated == result.simulated)
    let best = try #require(try feasible(objective).compactMap(\.cost).min())
    #expect(try #require(result.best.outcome.cost) <= best * 1.1)
  }

  @Test("the same seed searches in the same way; what is not searched stays")
  func reproducible() async throws {
    let rates = [ScalingRate(.percent, 50, period: .seconds(15))]
    let base = try ScalingPolicy(
      max: 20, scaleDown: ScalingBehavior(policies: rates), maxChangesPerHour: 90,
      fallback: FallbackPolicy(afterFailures: 3, replicas: 2, allowLowering: false))
    let search = PolicySearch(
      base: base, space: Self.space, objectives: [try objective("p95 wait <= 20s")], budget: 40, seed: 5)
    var batches: [[ScalingPolicy]] = []
    let first = try await search.run { policies in
      batches.append(policies)
      return try simulate(policies)
    }
    let again = try await search.run { policies in
      #expect(policies == batches.removeFirst())
      return try simulate(policies)
    }
    #expect(first == again && batches.isEmpty)
    let policy = first.best.policy
    #expect(policy.scaleDown.behavior.policies == rates)
    #expect(policy.max == 20 && policy.maxChangesPerHour == 90 && policy.fallback == base.fallback)
  }

  @Test("where nothing reaches the objective, the nearest is proposed and said not to reach it")
  func impossible() async throws {
    let search = PolicySearch(
      base: try ScalingPolicy(max: 20), space: Self.space,
      objectives: [try objective("max wait <= 1ms"), try objective("cost <= 1")], budget: 30)
    let result = try await search.run { try simulate($0) }
    #expect(!result.best.isMet && result.simulated == 30)
  }

  @Test("the settings are written as the configuration has them")
  func settings() throws {
    let policy = try ScalingPolicy(
      processesPerReplica: 2, min: 1, max: 9, pollInterval: .seconds(5),
      scaleUp: ScalingBehavior(tolerance: 0.5, stabilizationWindow: .seconds(90)),
      idleFor: .seconds(45), scaleDown: ScalingBehavior(tolerance: 0.2))
    #expect(
      policy.searchedSettings == """
        processesPerReplica: 2
        min: 1
        max: 9
        pollInterval: 5s
        scaleUp:
          tolerance: 0.5
          stabilizationWindow: 1m30s
        scaleDown:
          idleFor: 45s
          tolerance: 0.2
        """)
  }
}
