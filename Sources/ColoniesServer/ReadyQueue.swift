/// The waiting processes of one worker type in one colony.
///
/// Processes with the same demand and target wait in one lane, so finding a worker's next process looks at
/// the head of each lane it may take from, never at the processes behind it.
struct ReadyQueue: Sendable {
  private var open: [Demand: QueueOrder] = [:]
  private var targeted: [Target: [Demand: QueueOrder]] = [:]

  var isEmpty: Bool { open.isEmpty && targeted.isEmpty }

  mutating func insert(_ process: LiveProcess) {
    if process.targets.isEmpty {
      open[process.demand, default: QueueOrder()].insert(process.position)
    }
    for target in process.targets {
      targeted[target, default: [:]][process.demand, default: QueueOrder()].insert(process.position)
    }
  }

  mutating func remove(_ process: LiveProcess) {
    if process.targets.isEmpty { open.remove(process) }
    for target in process.targets {
      targeted[target]?.remove(process)
      if targeted[target]?.isEmpty == true { targeted[target] = nil }
    }
  }

  /// The process that this worker takes next.
  func next(for offer: WorkerOffer) -> QueuePosition? {
    var best = open.next(for: offer)
    for target in offer.targets {
      guard let candidate = targeted[target]?.next(for: offer) else { continue }
      if best.map({ candidate < $0 }) ?? true { best = candidate }
    }
    return best
  }
}

extension [Demand: QueueOrder] {
  fileprivate mutating func remove(_ process: LiveProcess) {
    self[process.demand]?.remove(process.position)
    if self[process.demand]?.isEmpty == true { self[process.demand] = nil }
  }

  fileprivate func next(for offer: WorkerOffer) -> QueuePosition? {
    var best: QueuePosition?
    for (demand, order) in self where offer.satisfies(demand) {
      guard let first = order.first else { continue }
      if best.map({ first < $0 }) ?? true { best = first }
    }
    return best
  }
}
