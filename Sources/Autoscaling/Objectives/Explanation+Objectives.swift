extension Explanation {
  /// The formulas of what counts beside demand, up to the replicas that are needed; none where nothing does.
  func objectiveFormulas(_ demand: DemandBasis, base: Int) -> [ScalingFormula] {
    guard isBaseOnly(demand) == false else { return [] }
    var formulas: [ScalingFormula] = []
    var parts = [("base", base)]
    if let objectives = demand.objectives {
      formulas = objectives.needs.flatMap { [backlogFormula($0, objectives)] + steadyFormulas($0) }
      parts += objectives.needs.map { ($0.objective.rawValue, $0.replicas) }
    }
    if let fallback = demand.fallback { parts.append(("fallback.replicas", fallback)) }
    return formulas + [
      ScalingFormula(
        name: "needed", rule: list(parts.map(\.0)), numbers: list(parts.map { "\($0.1)" }),
        result: demand.needed)
    ]
  }

  /// Whether nothing but demand counts, so that no other part has to be told apart from it.
  func isBaseOnly(_ demand: DemandBasis) -> Bool {
    demand.objectives == nil && demand.fallback == nil
  }

  private func list(_ items: [String]) -> String { "max(\(items.joined(separator: ", ")))" }

  /// The replicas that begin what there is, and what arrives meanwhile, in time.
  private func backlogFormula(_ need: ObjectiveNeed, _ basis: ObjectiveBasis) -> ScalingFormula {
    let name = need.objective.rawValue
    let work = "demand" + (basis.arrivals == nil ? "" : " + arrivals * time")
    let amount = need.work.shortened
    let times = need.concurrency == 1 ? "" : "concurrency * "
    let source =
      "time = \(timeText(need, basis)), a ready replica begins \(times)max(1, time / service) = "
      + "\(need.perReady.shortened) in it, a starting one \(times)max(1, (time - start-up) / service) = "
      + "\(need.perStarting.shortened); fluid model of a queue, Newell"
    let ready = basis.ready ?? .max
    let isCovered = need.backlogReplicas <= ready
    return ScalingFormula(
      name: "\(name) backlog",
      rule: isCovered
        ? "ceil((\(work)) / per ready)"
        : "ready + ceil((\(work) - ready * per ready) / per starting)",
      numbers: isCovered
        ? "ceil(\(amount) / \(need.perReady.shortened))"
        : "\(ready) + ceil((\(amount) - \(ready) * \(need.perReady.shortened)) "
          + "/ \(need.perStarting.shortened))",
      result: need.backlogReplicas, source: source)
  }

  private func timeText(_ need: ObjectiveNeed, _ basis: ObjectiveBasis) -> String {
    let time = "\(need.time.shortened) s"
    guard need.objective == .drainWithin, let service = basis.serviceTimes else { return time }
    return "max(drainWithin - service, 0) = max(\(need.within.inSeconds.shortened) - "
      + "\(service.mean.inSeconds.shortened), 0) = \(time)"
  }

  private func steadyFormulas(_ need: ObjectiveNeed) -> [ScalingFormula] {
    guard let staffing = need.staffing else { return [] }
    let name = need.objective.rawValue
    let load = "load = arrivals * service = \(staffing.load.shortened), Little's law"
    let each = need.concurrency == 1 ? ("", "") : (" / concurrency", " / \(need.concurrency)")
    let steady: ScalingFormula
    if need.objective == .startWithin, let beta = staffing.beta {
      let sum = "\(staffing.load.shortened) + \(beta.shortened) * sqrt(\(staffing.load.shortened))"
      steady = ScalingFormula(
        name: "\(name) steady", rule: rounded("load + beta * sqrt(load)", each.0),
        numbers: rounded(sum, each.1), result: need.steadyReplicas,
        source: "\(load); \((staffing.late * 100).shortened) % begin later, square-root staffing, "
          + "Halfin and Whitt")
    } else {
      steady = ScalingFormula(
        name: "\(name) steady", rule: "ceil(load\(each.0))",
        numbers: "ceil(\(staffing.load.shortened)\(each.1))", result: need.steadyReplicas, source: load)
    }
    return [
      steady,
      ScalingFormula(
        name: name, rule: "max(backlog, steady)",
        numbers: "max(\(need.backlogReplicas), \(need.steadyReplicas))", result: need.replicas),
    ]
  }

  /// A sum that is whole by itself, or its part that is not.
  private func rounded(_ sum: String, _ part: String) -> String {
    part.isEmpty ? sum : "ceil((\(sum))\(part))"
  }

  // MARK: Limits

  /// What keeps objectives from being reached or reckoned.
  func objectiveLimits(_ demand: DemandBasis) -> [ScalingLimit] {
    guard let objectives = demand.objectives else { return [] }
    return objectives.missing.map { .measurementMissing($0) }
      + objectives.needs.compactMap { need in
        if need.problem != nil { return .objectiveOutOfReach(need) }
        let most = (capacity?.bounds ?? bounds).max
        return need.replicas > most ? .objectiveNeedsMore(need, maximum: most) : nil
      }
  }

  /// The objective that takes more replicas than demand by itself; nil when none does.
  func decisiveObjective(_ demand: DemandBasis) -> ObjectiveNeed? {
    guard let objectives = demand.objectives,
      objectives.replicas > policy.replicasNeeded(for: demand.reading.demand)
    else { return nil }
    return objectives.needs.first { $0.replicas == objectives.replicas }
  }

  // MARK: Text

  /// What the objectives were reckoned with; none without objectives.
  var measurementLines: [String] {
    guard case .demand(let demand) = basis, let objectives = demand.objectives else { return [] }
    let service = objectives.serviceTimes.map { times in
      "service: \(times.mean.inSeconds.shortened) s, the average of "
        + "\(Self.count(times.count, "finished process", "finished processes")), read "
        + "\(age(times.observedAt)) ago"
    }
    let arrivals = objectives.arrivals.map { rate in
      "arrivals: \(rate.perSecond.shortened) a second over \(rate.over.spelledOut)"
    }
    let basis =
      objectives.startUp.measured == 0
      ? "assumed, as none was seen yet"
      : "the 90th percentile of \(Self.count(objectives.startUp.measured, "start"))"
    let startUp = "start-up: \(objectives.startUp.duration.inSeconds.shortened) s, \(basis)"
    let ready = objectives.ready.map(String.init) ?? "not known, so starts are reckoned to take no time"
    return [service, arrivals, startUp, "replicas ready: \(ready)"].compactMap { $0 }
  }

  func text(_ need: ObjectiveNeed) -> String {
    switch need.objective {
    case .drainWithin: "finish within \(need.within.spelledOut)"
    case .startWithin: "begin within \(need.within.spelledOut)"
    }
  }

  func text(outOfReach need: ObjectiveNeed) -> String {
    let cause =
      switch need.problem {
      case .serviceTooLong: "one process takes longer"
      case .startUpTooLong, nil: "a replica starts too late for what the ready ones do not get done"
      }
    return "\(need.objective.rawValue) \(need.within.spelledOut) is out of reach: \(cause)"
  }

  func text(_ missing: MissingMeasurement) -> String {
    switch missing {
    case .serviceTimesPending: return "service times are not read yet"
    case .serviceTimesFailed(let reason): return "service times could not be read: \(reason)"
    case .nothingFinished: return "no process has finished yet, so service times are unknown"
    case .arrivalsPending(let until):
      return "arrivals are not counted for long enough yet" + (until.map { ", known \(inTime($0))" } ?? "")
    case .arrivalsNotCounted: return "arrivals are not known, as several executor types share the colony"
    }
  }
}
