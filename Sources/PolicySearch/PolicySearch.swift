public import Autoscaling
public import Simulation

/// A search for the settings that reach objectives at the least cost.
///
/// Goes along one setting after the other, tries all its values while the others stay, and keeps the best (coordinate
/// descent). When nothing gets better any more it begins again somewhere else, until so many policies were simulated
/// as are allowed. The same seed searches in the same way.
public struct PolicySearch: Sendable {
  /// Where it begins; what is not searched stays as it is here.
  public var base: ScalingPolicy
  /// What is tried.
  public var space: SearchSpace
  /// What has to be reached.
  public var objectives: [SearchObjective]
  /// How many policies may be simulated, 1 or more.
  public var budget: Int
  /// What random numbers begin with.
  public var seed: UInt64

  /// One policy that was simulated.
  public struct Trial: Sendable, Hashable {
    /// The policy.
    public let policy: ScalingPolicy
    /// What came of it.
    public let outcome: SimulationOutcome
    /// Whether it reaches all objectives, and finished every process.
    public let isMet: Bool

    fileprivate let rank: Rank
  }

  /// What a search came to.
  public struct Result: Sendable, Hashable {
    /// The best policy: of those that reach the objectives the cheapest, or the one that comes nearest to them.
    public let best: Trial
    /// How many policies were simulated.
    public let simulated: Int
  }

  /// Describes a search.
  public init(
    base: ScalingPolicy, space: SearchSpace = .usual, objectives: [SearchObjective], budget: Int = 300,
    seed: UInt64 = 1
  ) {
    self.base = base
    self.space = space
    self.objectives = objectives
    self.budget = Swift.max(budget, 1)
    self.seed = seed
  }

  /// Searches.
  /// - Parameter simulate: Simulates policies, as many at a time as it likes, and gives their outcomes in the same
  ///   order.
  /// - Throws: What `simulate` throws.
  public func run(
    _ simulate: ([ScalingPolicy]) async throws -> [SimulationOutcome]
  ) async throws -> Result {
    let space = space.around(base)
    var random = SeededRandom(seed: seed)
    var known: [Candidate: Trial] = [:]
    var best: Trial?
    var start = Candidate(base, in: space) ?? Candidate(in: space, using: &random)
    // Spaces may have fewer policies than the budget allows.
    let most = Swift.min(
      budget, space.counts.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue })
    while true {
      try await evaluate([start], in: space, &known, simulate)
      guard let found = known[start] else { break }
      let end = try await descend(from: start, found, in: space, &known, most, &random, simulate)
      if best.map({ end.rank < $0.rank }) ?? true { best = end }
      guard known.count < most else { break }
      repeat { start = Candidate(in: space, using: &random) } while known[start] != nil
    }
    guard let best else { preconditionFailure("the first candidate was simulated") }
    return Result(best: best, simulated: known.count)
  }

  /// Goes to better neighbours until there are none.
  private func descend(
    from start: Candidate, _ found: Trial, in space: SearchSpace, _ known: inout [Candidate: Trial],
    _ most: Int,
    _ random: inout SeededRandom, _ simulate: ([ScalingPolicy]) async throws -> [SimulationOutcome]
  ) async throws -> Trial {
    var here = start
    var best = found
    var settingsLeft = space.counts.count
    var settings = Array(0..<space.counts.count)
    settings.shuffle(using: &random)
    while settingsLeft > 0 {
      let setting = settings.removeFirst()
      settings.append(setting)
      settingsLeft -= 1
      let line = (0..<space.counts[setting]).map { place in
        var candidate = here
        candidate.places[setting] = place
        return candidate
      }
      let unknown = line.filter { known[$0] == nil }
      try await evaluate(Array(unknown.prefix(most - known.count)), in: space, &known, simulate)
      for candidate in line {
        guard let trial = known[candidate], trial.rank < best.rank else { continue }
        here = candidate
        best = trial
        // Every other setting may have a better value now.
        settingsLeft = space.counts.count - 1
      }
    }
    return best
  }

  private func evaluate(
    _ candidates: [Candidate], in space: SearchSpace, _ known: inout [Candidate: Trial],
    _ simulate: ([ScalingPolicy]) async throws -> [SimulationOutcome]
  ) async throws {
    let candidates = candidates.filter { known[$0] == nil }
    guard !candidates.isEmpty else { return }
    let policies = try candidates.map { try $0.policy(base, space) }
    for (index, outcome) in try await simulate(policies).enumerated() {
      let rank = Rank(outcome, objectives)
      known[candidates[index]] = Trial(
        policy: policies[index], outcome: outcome, isMet: rank.excess == 0, rank: rank)
    }
  }
}

/// What makes one outcome better than another: first how near it is to the objectives, then its cost, then how few
/// changes it took.
private struct Rank: Sendable, Hashable, Comparable {
  let excess: Double
  let cost: Double
  let changes: Int

  init(_ outcome: SimulationOutcome, _ objectives: [SearchObjective]) {
    let lost = outcome.failed + outcome.unfinished
    // What never ends cannot be made up for.
    excess = objectives.reduce(Double(lost)) { $0 + $1.excess(of: outcome) }
    cost = outcome.cost ?? 0
    changes = outcome.changes
  }

  static func < (left: Rank, right: Rank) -> Bool {
    (left.excess, left.cost, left.changes) < (right.excess, right.cost, right.changes)
  }
}
