/// The faults of a simulation on its way. Time only ever goes on.
struct FaultRun {
  private struct Fault {
    let kind: SimulatedFault.Kind
    let begin: SimulatedTime
    let end: SimulatedTime
  }

  private let faults: [Fault]
  /// How many have begun.
  private var begun = 0
  /// Those that have begun and not ended, in the order of their beginnings.
  private var active: [Fault] = []

  init(_ schedule: FaultSchedule) {
    faults = schedule.faults.map {
      Fault(kind: $0.kind, begin: SimulatedTime($0.begin), end: SimulatedTime($0.end))
    }
  }

  /// Times at which the autoscaler stops and starts again; those that overlap are one.
  var outages: [(begin: SimulatedTime, end: SimulatedTime)] {
    var outages: [(begin: SimulatedTime, end: SimulatedTime)] = []
    for fault in faults where fault.kind == .autoscalerIsDown && fault.begin < fault.end {
      if let last = outages.last, fault.begin <= last.end {
        outages[outages.count - 1].end = max(last.end, fault.end)
      } else {
        outages.append((fault.begin, fault.end))
      }
    }
    return outages
  }

  /// What is wrong with the queue.
  mutating func queue(at now: SimulatedTime) -> SimulatedFault.Kind? { latest(at: now) { $0.concernsQueue } }

  /// What is wrong with changes of the replicas.
  mutating func changes(at now: SimulatedTime) -> SimulatedFault.Kind? {
    latest(at: now) { $0.concernsChanges }
  }

  private mutating func latest(
    at now: SimulatedTime, _ isMeant: (SimulatedFault.Kind) -> Bool
  ) -> SimulatedFault.Kind? {
    while begun < faults.count, faults[begun].begin <= now {
      active.append(faults[begun])
      begun += 1
    }
    if !active.isEmpty { active.removeAll { $0.end <= now } }
    return active.last { isMeant($0.kind) }?.kind
  }
}

extension SimulatedFault.Kind {
  fileprivate var concernsQueue: Bool {
    switch self {
    case .queueFails, .queueAnswersLate, .queueSeemsNew, .otherQueueAnswers, .queueCountsPart: true
    case .changesFail, .changesTakeLonger, .autoscalerIsDown: false
    }
  }

  fileprivate var concernsChanges: Bool {
    switch self {
    case .changesFail, .changesTakeLonger: true
    case .queueFails, .queueAnswersLate, .queueSeemsNew, .otherQueueAnswers, .queueCountsPart,
      .autoscalerIsDown:
      false
    }
  }
}
