extension Explanation: CustomStringConvertible {
  /// The explanation as a paragraph of lines: the decision, then inputs, formulas, limits and what would
  /// change it.
  public var description: String {
    var lines = ["\(headline) (\(reason.rawValue))"]
    func add(_ title: String, _ items: [String]) {
      guard !items.isEmpty else { return }
      lines.append(title)
      lines += items.map { "  \($0)" }
    }
    add("inputs", [queueText] + queueLines + ["replicas wanted now: \(current)"] + measurementLines)
    add("formulas", formulas.map(\.description))
    add("limits", limits.map(text))
    add("what would change it", outlook.map(text))
    return lines.joined(separator: "\n")
  }

  /// The decision and its main reason in one line.
  public var summary: String { "\(headline): \(cause)" }

  private var headline: String {
    switch direction {
    case .up: "scale up from \(current) to \(replicas)"
    case .down: "scale down from \(current) to \(replicas)"
    case .hold: "hold at \(current)"
    }
  }

  private var cause: String {
    switch basis {
    case .demand(let demand):
      let need = needText(demand)
      return (limits.isEmpty ? [need] : [need] + limits.map(text)).joined(separator: "; ")
    case .unknown(let unknown):
      return ([text(unknown.cause) + pollsText(unknown)] + limits.filter { $0 != .unknown }.map(text))
        .joined(separator: "; ")
    }
  }

  private func needText(_ demand: DemandBasis) -> String {
    let reading = demand.reading
    let each = policy.processesPerReplica == 1 ? "" : " at \(policy.processesPerReplica) processes each"
    let replicas = Self.count(demand.needed, "replica")
    let purpose = decisiveObjective(demand).map { " to \(text($0))" } ?? each
    let need = "\(reading.waiting) waiting + \(reading.running) running need \(replicas)\(purpose)"
    guard direction == .down, limits.isEmpty else { return need }
    return "\(need), and no more was needed for \(policy.scaleDown.window.spelledOut)"
  }

  // MARK: Inputs

  private var queueText: String {
    switch basis {
    case .demand(let demand):
      return "queue: \(text(demand.reading))"
    case .unknown(let unknown):
      let known = unknown.lastKnownAt.map { "last known \(age($0)) ago" } ?? "never known"
      return "queue: unknown, \(known); \(text(unknown.cause))\(pollsText(unknown))"
    }
  }

  /// Each of several queues.
  private var queueLines: [String] {
    guard case .demand(let demand) = basis else { return [] }
    return demand.queues.enumerated().map { index, queue in
      switch queue {
      case .known(let reading): "queue \(index + 1): \(text(reading))"
      case .unknown(let unknown): "queue \(index + 1): unknown; \(text(unknown.cause))"
      }
    }
  }

  private func text(_ shortage: CapacityShortage, otherwise: Int) -> String {
    let cause =
      switch shortage.kind {
      case .unschedulable: "no node has room for some that are wanted already"
      case .quota: "the quota has no room for some that are wanted already"
      }
    return "\(cause) (\(shortage.cause)), until they run or are wanted no more, otherwise \(otherwise)"
  }

  private func text(_ reading: QueueReading) -> String {
    let bound =
      switch reading.exactness {
      case .exact: ""
      case .atLeast: " at least"
      case .atMost: " at most"
      }
    let finished = reading.finished.map { ", \($0) finished" } ?? ""
    return "\(reading.waiting) waiting + \(reading.running) running\(bound)\(finished), observed "
      + "\(age(reading.observedAt)) ago from \(reading.source.name)"
  }

  private func pollsText(_ unknown: UnknownBasis) -> String {
    guard unknown.polls > 1, let since = unknown.since else { return "" }
    return " (unknown for \(unknown.polls) polls, \(age(since)))"
  }

  func text(_ cause: UnknownCause) -> String {
    switch cause {
    case .pending:
      return "no reading yet"
    case .failed(let failure):
      return "the reading failed: \(failure.message)"
    case .stale(let reading):
      let limit = policy.stalenessLimit.spelledOut
      return "the newest reading is \(age(reading.observedAt)) old, more than \(limit)"
    case .fromFuture(let reading):
      let ahead = decidedAt.duration(to: reading.observedAt).spelledOut
      return "the newest reading claims to be from \(ahead) after now"
    case .suspicious(let suspicion, let reading, let previous):
      return "the reading is not believed yet: " + Self.text(suspicion, reading, previous)
    }
  }

  private static func text(
    _ suspicion: Suspicion, _ reading: QueueReading, _ previous: QueueReading
  ) -> String {
    switch suspicion {
    case .olderThanPrevious:
      return "it is older than the one before"
    case .colonyChanged:
      return "another colony answered"
    case .serverRestarted:
      return "the server has restarted"
    case .countersWentBackwards:
      return "finished processes went back from \(previous.finished ?? 0) to \(reading.finished ?? 0)"
    case .processesVanished:
      let finished = (reading.finished ?? 0) - (previous.finished ?? 0)
      return "demand fell from \(previous.demand) to \(reading.demand) while \(finished) finished"
    }
  }

  // MARK: Limits and outlook

  func text(_ limit: ScalingLimit) -> String {
    switch limit {
    case .objectiveOutOfReach(let need):
      return text(outOfReach: need)
    case .objectiveNeedsMore(let need, let maximum):
      return "\(need.objective.rawValue) \(need.within.spelledOut) is not reached: it takes "
        + "\(Self.count(need.replicas, "replica")), and max allows \(maximum)"
    case .measurementMissing(let missing):
      return text(missing)
    case .queueUnknown(let number, let unknown):
      return "queue \(number) is unknown: \(text(unknown.cause))\(pollsText(unknown))"
    case .capacityShort(let shortage, let otherwise):
      return text(shortage, otherwise: otherwise)
    case .loadIsLowerBound:
      return "until that is known nothing is taken away"
    case .minimum(let minimum):
      return "min keeps \(Self.count(minimum, "replica"))"
    case .maximum(let maximum):
      return "max allows \(Self.count(maximum, "replica"))"
    case .scheduledMinimum(let minimum, let schedule, let until):
      return "min keeps \(Self.count(minimum, "replica")) \(text(schedule, until: until))"
    case .scheduledMaximum(let maximum, let schedule, let until):
      return "max allows \(Self.count(maximum, "replica")) \(text(schedule, until: until))"
    case .outsideBounds:
      return "\(replicas) is outside min \(bounds.min) and max \(bounds.max), and cannot be changed yet"
    case .keepAlive(let highest, let until):
      let length = policy.scaleDown.window.spelledOut
      let end = until.map { ", next step down due \(inTime($0))" } ?? ""
      return "keep-alive: \(highest) needed within the last \(length)\(end)"
    case .windowNotObserved(let since, let until):
      let length = policy.scaleDown.window.spelledOut
      return "keep-alive: observed for \(age(since)) of \(length), complete \(inTime(until))"
    case .withinTolerance(let ratio, let tolerance):
      return
        "demand is \(ratio.shortened) of what \(current) are for, and \(tolerance.shortened) is tolerated"
    case .stabilizing(let lowest, let until):
      let length = (policy.scaleUp.stabilizationWindow ?? .zero).spelledOut
      let end = until.map { ", next step up due \(inTime($0))" } ?? ""
      return "stabilization: \(lowest) needed within the last \(length)\(end)"
    case .rate(let limit, let wanted):
      return text(limit, wanted: wanted)
    case .budget(let budget, let otherwise, let until):
      return text(budget, otherwise: otherwise, until: until)
    case .demandIsLowerBound:
      return "the reading is a lower bound, which takes nothing away"
    case .unknown:
      return "unknown takes nothing away"
    case .fallback(let target, let polls):
      return "fallback of \(Self.count(target, "replica")) after \(polls) polls"
    case .fallbackMayNotLower(let target, let until):
      let end = until.map { "due \(inTime($0))" } ?? "which is not allowed"
      return "fallback of \(target) is lower, \(end)"
    case .scaleIn(let wait):
      return text(wait)
    case .paused(let pause):
      switch pause.kind {
      case .person: return "paused by \(pause.cause), otherwise \(replicasUnlessPaused)"
      case .otherAutoscaler: return "left to \(pause.cause), otherwise \(replicasUnlessPaused)"
      }
    }
  }

  func text(_ outlook: ScalingOutlook) -> String {
    switch outlook {
    case .demandRises(let demand, let waiting, let replicas):
      let processes = Self.count(waiting, "waiting process", "waiting processes")
      return "\(replicaCount(replicas)) at \(processes) (demand \(demand))"
    case .demandStays(let until, let replicas):
      return "\(replicaCount(replicas)) \(inTime(until)), if demand stays as it is"
    case .demandRisesFor(let demand, let lasting, let replicas):
      return "\(replicaCount(replicas)) when demand stays at \(demand) or more for \(lasting.spelledOut)"
    case .demandFalls(let demand, let lasting, let replicas):
      return "\(replicaCount(replicas)) when demand stays at \(demand) or less for \(lasting.spelledOut)"
    case .maximumRaised(let needed):
      return "more with a higher max: it takes \(replicaCount(needed))"
    case .capacityReturns(let replicas):
      return "\(replicaCount(replicas)) when those that are wanted now can start"
    case .readingSucceeds:
      return "a reading that succeeds"
    case .readingConfirmed:
      return "a second reading that agrees with this one"
    case .readingIsExact:
      return "fewer only after a reading that is no lower bound"
    case .measured:
      return "fewer only after what the objectives need was measured"
    case .unknownPolls(let polls, let replicas):
      return
        "\(replicaCount(replicas)) after \(Self.count(polls, "more poll", "more polls")) without a reading"
    case .unknownLasts(let until, let replicas):
      return "\(replicaCount(replicas)) \(inTime(until)), if the queue stays unknown"
    case .workersTakenAway(let replicas):
      return "\(replicaCount(replicas)) when as many workers as need be hold no work and take none"
    case .resumed(let replicas):
      switch pause?.kind {
      case .otherAutoscaler?: return "\(replicaCount(replicas)) when the other autoscaler is gone"
      case .person?, nil: return "\(replicaCount(replicas)) when the pause ends"
      }
    }
  }

  // MARK: Words

  func age(_ instant: ScalingInstant) -> String { instant.duration(to: decidedAt).spelledOut }

  func inTime(_ instant: ScalingInstant) -> String {
    instant <= decidedAt ? "at the next reading" : "in \(decidedAt.duration(to: instant).spelledOut)"
  }

  private func replicaCount(_ replicas: Int) -> String { Self.count(replicas, "replica") }

  static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }
}
