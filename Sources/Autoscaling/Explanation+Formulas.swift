extension Explanation {
  /// The formulas that were used, in their order; the last one gives the replicas, apart from a pause.
  public var formulas: [ScalingFormula] {
    switch basis {
    case .demand(let demand): formulas(demand) + controlFormulas
    case .unknown(let unknown): formulas(unknown) + controlFormulas
    }
  }

  /// What would be decided if nothing limited changes as such.
  var wanted: Int { control?.wanted ?? replicasUnlessPaused }

  /// The limit on the change that is wanted; nil when there is none.
  var limit: RateLimit? { control?.limit(from: current) }

  /// Until when the budget keeps the wanted change from being made; nil when it does not.
  var budgetEnd: ScalingInstant? { control?.budgetEnd(from: current, bounds) }

  private func formulas(_ demand: DemandBasis) -> [ScalingFormula] {
    let reading = demand.reading
    let bounded = bounds.bounded(demand.needed)
    let base = ScalingFormula(
      name: isBaseOnly(demand) ? "needed" : "base", rule: "ceil(demand / processesPerReplica)",
      numbers: "ceil(\(reading.demand) / \(policy.processesPerReplica))",
      result: policy.replicasNeeded(for: reading.demand))
    let formulas =
      [
        ScalingFormula(
          name: "demand", rule: "waiting + running", numbers: "\(reading.waiting) + \(reading.running)",
          result: reading.demand), base,
      ] + objectiveFormulas(demand, base: base.result) + [boundsFormula("bounded", "needed", demand.needed)]
    return formulas + (bounded >= current ? growthFormulas(demand) : shrinkingFormulas(demand))
  }

  private func growthFormulas(_ demand: DemandBasis) -> [ScalingFormula] {
    let window = policy.scaleUp.stabilizationWindow ?? .zero
    let grown = bounds.bounded(demand.lowestInWindow)
    let name = window > .zero ? "sustained" : "bounded"
    let sustained =
      window > .zero
      ? [boundsFormula(name, "lowest needed within stabilization window", demand.lowestInWindow)] : []
    guard wanted < grown, let ratio = policy.ratio(of: demand.lowestLoad, current: current) else {
      return sustained + [resultFormula("max(current, \(name))", "max(\(current), \(grown))")]
    }
    let near = "as \(ratio.shortened) of their demand is within tolerance"
    return sustained
      + [resultFormula("max(current, min), \(near)", "max(\(current), \(bounds.min))")]
  }

  private func shrinkingFormulas(_ demand: DemandBasis) -> [ScalingFormula] {
    guard let highest = demand.highestInWindow, let load = demand.highestLoad else {
      return [resultFormula("current, until a keep-alive is observed", "\(current)")]
    }
    let kept = min(current, bounds.bounded(highest))
    let formula = boundsFormula("kept", "highest needed within keep-alive", highest)
    guard wanted > kept, let ratio = policy.ratio(of: load, current: current) else {
      let numbers = "min(\(current), \(bounds.bounded(highest)))"
      return [formula, resultFormula("min(current, kept)", numbers)]
    }
    let near = "as \(ratio.shortened) of their demand is within tolerance"
    return [formula, resultFormula("min(current, max), \(near)", "min(\(current), \(bounds.max))")]
  }

  private func formulas(_ unknown: UnknownBasis) -> [ScalingFormula] {
    if let fallback = reachedFallback(unknown) {
      let target = bounds.bounded(fallback.replicas)
      let lowered = wanted < current
      return [
        boundsFormula("fallback", "fallback.replicas", fallback.replicas),
        resultFormula(
          lowered ? "fallback, which may lower" : "max(current, min, fallback)",
          lowered ? "\(target)" : "max(\(current), \(bounds.min), \(target))"),
      ]
    }
    return [
      resultFormula("max(current, min), as the queue is unknown", "max(\(current), \(bounds.min))")
    ]
  }

  private func resultFormula(_ rule: String, _ numbers: String) -> ScalingFormula {
    ScalingFormula(
      name: limit == nil && budgetEnd == nil ? "replicas" : "wanted", rule: rule, numbers: numbers,
      result: wanted)
  }

  private func boundsFormula(_ name: String, _ what: String, _ value: Int) -> ScalingFormula {
    ScalingFormula(
      name: name, rule: "min(max(\(what), min), max)",
      numbers: "min(max(\(value), \(bounds.min)), \(bounds.max))", result: bounds.bounded(value))
  }
}

extension Double {
  /// The number with up to three decimals.
  var shortened: String {
    guard magnitude < 1e12 else { return description }
    let thousandths = Int(self * 1_000 + (self < 0 ? -0.5 : 0.5))
    return thousandths.isMultiple(of: 1_000)
      ? "\(thousandths / 1_000)" : "\(Double(thousandths) / 1_000)"
  }
}
