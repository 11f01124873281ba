extension Explanation {
  /// The formulas that were used, in their order; the last one gives the replicas, apart from a pause.
  public var formulas: [ScalingFormula] {
    switch basis {
    case .demand(let demand): formulas(demand)
    case .unknown(let unknown): formulas(unknown)
    }
  }

  private func formulas(_ demand: DemandBasis) -> [ScalingFormula] {
    let reading = demand.reading
    let bounded = policy.bounded(demand.needed)
    var formulas = [
      ScalingFormula(
        name: "demand", rule: "waiting + running", numbers: "\(reading.waiting) + \(reading.running)",
        result: reading.demand),
      ScalingFormula(
        name: "needed", rule: "ceil(demand / processesPerReplica)",
        numbers: "ceil(\(reading.demand) / \(policy.processesPerReplica))", result: demand.needed),
      boundsFormula("bounded", "needed", demand.needed),
    ]
    if bounded >= current {
      formulas.append(
        ScalingFormula(
          name: "replicas", rule: "max(current, bounded)", numbers: "max(\(current), \(bounded))",
          result: replicasUnlessPaused))
    } else if let highest = demand.highestInWindow {
      formulas.append(boundsFormula("kept", "highest needed within keep-alive", highest))
      formulas.append(
        ScalingFormula(
          name: "replicas", rule: "min(current, kept)",
          numbers: "min(\(current), \(policy.bounded(highest)))", result: replicasUnlessPaused))
    } else {
      formulas.append(
        ScalingFormula(
          name: "replicas", rule: "current, until a keep-alive is observed", numbers: "\(current)",
          result: replicasUnlessPaused))
    }
    return formulas
  }

  private func formulas(_ unknown: UnknownBasis) -> [ScalingFormula] {
    if let fallback = reachedFallback(unknown) {
      let target = policy.bounded(fallback.replicas)
      let lowered = replicasUnlessPaused < current
      return [
        boundsFormula("fallback", "fallback.replicas", fallback.replicas),
        ScalingFormula(
          name: "replicas", rule: lowered ? "fallback, which may lower" : "max(current, min, fallback)",
          numbers: lowered ? "\(target)" : "max(\(current), \(policy.min), \(target))",
          result: replicasUnlessPaused),
      ]
    }
    return [
      ScalingFormula(
        name: "replicas", rule: "max(current, min), as the queue is unknown",
        numbers: "max(\(current), \(policy.min))", result: replicasUnlessPaused)
    ]
  }

  private func boundsFormula(_ name: String, _ what: String, _ value: Int) -> ScalingFormula {
    ScalingFormula(
      name: name, rule: "min(max(\(what), min), max)",
      numbers: "min(max(\(value), \(policy.min)), \(policy.max))", result: policy.bounded(value))
  }
}
