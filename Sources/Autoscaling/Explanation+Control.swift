extension Explanation {
  /// The formulas that turn the wanted replicas into those that a limited change leads to.
  var controlFormulas: [ScalingFormula] {
    (limit.map(rateFormulas) ?? []) + budgetFormulas
  }

  private var budgetFormulas: [ScalingFormula] {
    guard let budget = control?.budget, budgetEnd != nil else { return [] }
    let isUsedUp = budget.made >= budget.perHour
    return [
      ScalingFormula(
        name: "replicas",
        rule: isUsedUp
          ? "current, as changes in the last hour >= maxChangesPerHour"
          : "current, until an hour is observed",
        numbers: isUsedUp ? "\(current), as \(budget.made) >= \(budget.perHour)" : "\(current)",
        result: current)
    ]
  }

  /// What the rates allow of the wanted change.
  private var limited: Int { control?.limited(from: current, bounds) ?? wanted }

  private func rateFormulas(_ limit: RateLimit) -> [ScalingFormula] {
    let isGrowth = limit.direction == .up
    let side = isGrowth ? "max" : "min"
    let rule: String
    let numbers: String
    switch limit.cause {
    case .disabled:
      (rule, numbers) = ("current, as \(Self.name(limit.direction)) is disabled", "\(current)")
    case .notObserved(let rate):
      (rule, numbers) = ("current, until a period of \(rate.period.spelledOut) is observed", "\(current)")
    case .rate(let rate, let start):
      let sign = isGrowth ? "+" : "-"
      let changed: (String) -> String =
        switch rate.type {
        case .pods: { "\($0) \(sign) \(rate.value)" }
        case .percent:
          isGrowth
            ? { "max(ceil(\($0) * (100 + \(rate.value)) / 100), \($0) + 1)" }
            : { "max(\($0) * (100 - \(rate.value)) / 100, 0)" }
        }
      rule = "\(side)(current, \(changed("start of period")))"
      numbers = "\(side)(\(current), \(changed("\(start)")))"
    }
    let result =
      isGrowth
      ? ("min(wanted, max(allowed, min))", "min(\(wanted), max(\(limit.replicas), \(bounds.min)))")
      : ("max(wanted, min(allowed, max))", "max(\(wanted), min(\(limit.replicas), \(bounds.max)))")
    return [
      ScalingFormula(name: "allowed", rule: rule, numbers: numbers, result: limit.replicas),
      ScalingFormula(
        name: budgetEnd == nil ? "replicas" : "limited", rule: result.0, numbers: result.1, result: limited),
    ]
  }

  /// What limited the change itself.
  var controlLimits: [ScalingLimit] {
    var limits: [ScalingLimit] = []
    if let limit, limited != wanted { limits.append(.rate(limit, wanted: wanted)) }
    if let budget = control?.budget, let budgetEnd {
      limits.append(.budget(budget, otherwise: limited, until: budgetEnd))
    }
    return limits
  }

  func text(_ budget: ChangeBudget, otherwise: Int, until: ScalingInstant) -> String {
    let changes = budget.perHour == 1 ? "1 change" : "\(budget.perHour) changes"
    let made =
      budget.made >= budget.perHour
      ? "\(budget.made) \(budget.made == 1 ? "was" : "were") made" : "the last hour is not observed whole yet"
    return "maxChangesPerHour allows \(changes), \(made), next change \(inTime(until)), "
      + "otherwise \(otherwise)"
  }

  func text(_ limit: RateLimit, wanted: Int) -> String {
    let name = Self.name(limit.direction)
    let change = limit.direction == .up ? "more" : "fewer"
    let more = limit.until.map { ", \(change) \(inTime($0))" } ?? ""
    switch limit.cause {
    case .disabled:
      return "\(name) is disabled, otherwise \(wanted)"
    case .notObserved(let rate):
      return "\(name) allows \(rate.spelledOut), not observed for as long yet\(more), otherwise \(wanted)"
    case .rate(let rate, let start):
      return "\(name) allows \(rate.spelledOut), from \(start) to \(limit.replicas)\(more), "
        + "otherwise \(wanted)"
    }
  }

  private static func name(_ direction: Decision.Direction) -> String {
    direction == .up ? "scaleUp" : "scaleDown"
  }
}

extension ScalingRate {
  /// The rate for people: `4 Pods in 1 m`.
  package var spelledOut: String { "\(value) \(type.rawValue) in \(period.spelledOut)" }
}
