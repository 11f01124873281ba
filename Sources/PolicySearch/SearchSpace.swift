internal import Autoscaling

/// The values that a search tries for each setting.
public struct SearchSpace: Sendable, Hashable {
  /// For `processesPerReplica`.
  public var processesPerReplica: [Int]
  /// For `min`.
  public var min: [Int]
  /// For `pollInterval`.
  public var pollInterval: [Duration]
  /// For `scaleDown.idleFor`.
  public var idleFor: [Duration]
  /// For `scaleUp.stabilizationWindow`.
  public var growthWindow: [Duration]
  /// For `scaleUp.tolerance`.
  public var growthTolerance: [Double]
  /// For `scaleDown.tolerance`.
  public var shrinkingTolerance: [Double]

  /// What is tried unless something else is wanted: from what reacts at once to what hardly moves.
  public static let usual = SearchSpace(
    processesPerReplica: [1, 2, 3, 5, 10, 20, 50], min: [0, 1, 2, 3, 5, 8, 12, 20],
    pollInterval: [1, 2, 5, 10].map { .seconds($0) },
    idleFor: [0, 5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 900].map { .seconds($0) },
    growthWindow: [0, 5, 10, 30, 60].map { .seconds($0) }, growthTolerance: [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1],
    shrinkingTolerance: [0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7])

  /// Creates a space; lists may be in any order.
  public init(
    processesPerReplica: [Int], min: [Int], pollInterval: [Duration], idleFor: [Duration],
    growthWindow: [Duration], growthTolerance: [Double], shrinkingTolerance: [Double]
  ) {
    self.processesPerReplica = processesPerReplica
    self.min = min
    self.pollInterval = pollInterval
    self.idleFor = idleFor
    self.growthWindow = growthWindow
    self.growthTolerance = growthTolerance
    self.shrinkingTolerance = shrinkingTolerance
  }

  /// The space with the values of a policy in it, and without those that its maximum forbids.
  func around(_ policy: ScalingPolicy) -> SearchSpace {
    func merged<Value: Hashable & Comparable>(_ values: [Value], _ own: Value) -> [Value] {
      Set(values + [own]).sorted()
    }
    return SearchSpace(
      processesPerReplica: merged(processesPerReplica, policy.processesPerReplica),
      min: merged(min, policy.min).filter { $0 <= policy.max },
      pollInterval: merged(pollInterval, policy.pollInterval),
      idleFor: merged(idleFor, policy.scaleDown.idleFor),
      growthWindow: merged(growthWindow, policy.scaleUp.stabilizationWindow ?? .zero),
      growthTolerance: merged(growthTolerance, policy.scaleUp.tolerance),
      shrinkingTolerance: merged(shrinkingTolerance, policy.scaleDown.behavior.tolerance))
  }

  /// How many values each setting has, in the order in which a ``Candidate`` counts them.
  var counts: [Int] {
    [
      processesPerReplica.count, min.count, pollInterval.count, idleFor.count, growthWindow.count,
      growthTolerance.count, shrinkingTolerance.count,
    ]
  }
}

/// One policy of a space: which of its values each setting has.
struct Candidate: Hashable {
  var places: [Int]

  /// The candidate of a policy whose values are all in the space.
  init?(_ policy: ScalingPolicy, in space: SearchSpace) {
    guard let processesPerReplica = space.processesPerReplica.firstIndex(of: policy.processesPerReplica),
      let min = space.min.firstIndex(of: policy.min),
      let pollInterval = space.pollInterval.firstIndex(of: policy.pollInterval),
      let idleFor = space.idleFor.firstIndex(of: policy.scaleDown.idleFor),
      let growthWindow = space.growthWindow.firstIndex(of: policy.scaleUp.stabilizationWindow ?? .zero),
      let growthTolerance = space.growthTolerance.firstIndex(of: policy.scaleUp.tolerance),
      let shrinkingTolerance = space.shrinkingTolerance.firstIndex(of: policy.scaleDown.behavior.tolerance)
    else { return nil }
    places = [
      processesPerReplica, min, pollInterval, idleFor, growthWindow, growthTolerance, shrinkingTolerance,
    ]
  }

  /// Any candidate of a space.
  init(in space: SearchSpace, using random: inout some RandomNumberGenerator) {
    places = space.counts.map { Int.random(in: 0..<$0, using: &random) }
  }

  /// The policy, which is another one's but for the settings that are searched.
  func policy(_ base: ScalingPolicy, _ space: SearchSpace) throws(ScalingPolicyError) -> ScalingPolicy {
    try base.replacing(
      processesPerReplica: space.processesPerReplica[places[0]], min: space.min[places[1]],
      pollInterval: space.pollInterval[places[2]], idleFor: space.idleFor[places[3]],
      growthWindow: space.growthWindow[places[4]], growthTolerance: space.growthTolerance[places[5]],
      shrinkingTolerance: space.shrinkingTolerance[places[6]])
  }
}
