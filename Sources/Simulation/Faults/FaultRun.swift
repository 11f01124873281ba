/// The faults of a simulation on its way.
struct FaultRun {
  private let faults: [SimulatedFault]
  private let begins: [SimulatedTime]
  private let ends: [SimulatedTime]

  init(_ schedule: FaultSchedule) {
    faults = schedule.faults
    begins = faults.map { SimulatedTime($0.begin) }
    ends = faults.map { SimulatedTime($0.end) }
  }

  /// Times at which the autoscaler stops and starts again; those that overlap are one.
  var outages: [(begin: SimulatedTime, end: SimulatedTime)] {
    var outages: [(begin: SimulatedTime, end: SimulatedTime)] = []
    for index in faults.indices where faults[index].kind == .autoscalerIsDown && begins[index] < ends[index] {
      if let last = outages.last, begins[index] <= last.end {
        outages[outages.count - 1].end = max(last.end, ends[index])
      } else {
        outages.append((begins[index], ends[index]))
      }
    }
    return outages
  }

  /// What is wrong with the queue.
  func queue(at now: SimulatedTime) -> SimulatedFault.Kind? { latest(at: now) { $0.concernsQueue } }

  /// What is wrong with changes of the replicas.
  func changes(at now: SimulatedTime) -> SimulatedFault.Kind? { latest(at: now) { $0.concernsChanges } }

  private func latest(
    at now: SimulatedTime, _ isMeant: (SimulatedFault.Kind) -> Bool
  ) -> SimulatedFault.Kind? {
    guard !faults.isEmpty else { return nil }
    return faults.indices.last { begins[$0] <= now && now < ends[$0] && isMeant(faults[$0].kind) }
      .map { faults[$0].kind }
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
    default: false
    }
  }
}
