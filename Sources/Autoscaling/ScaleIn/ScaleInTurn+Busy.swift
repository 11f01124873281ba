extension ScaleInTurn {
  /// The most costs of busy pods that are written after one look.
  private static let busyCostsPerLook = 5
  /// The most that are given in one scale-in. Whoever has one loses it in any case.
  private static let busyCostsPerScaleIn = 100

  /// Works out which costs busy pods are to be given, and which are to be taken from pods that are not busy any more,
  /// or from all when nobody is to go. Those of others are left alone.
  mutating func weighBusy(_ choice: ScaleInChoice) {
    let isShrinking = wanted < view.target.replicas || !choice.chosen.isEmpty || memory.change != nil
    if !isShrinking { memory.busyCostsGiven = 0 }
    let isGiving = isShrinking && policy.victims == .deletionCost
    // The target may be taking pods away for somebody else right now.
    let isOver = !isGiving && !mayStillDelete
    let chosen = Set(choice.chosen.map(\.uid))
    var taken: [ScaleInBusyCost] = []
    var given: [(age: Duration?, cost: ScaleInBusyCost)] = []
    // The cost of a pod with a mark is that of an attempt, which is undone first.
    for (pod, standing) in standings where pod.mark == nil && !chosen.contains(pod.uid) {
      guard let revision = pod.revision, pod.hasBusyCost || pod.deletionCost == nil else { continue }
      if isGiving, standing == .busy {
        let age = view.workers[pod.name]?.busySince.map { $0.duration(to: now) }
        let least = pod.deletionCost ?? ScaleInBusyCost.range.lowerBound
        let cost = age.map(ScaleInBusyCost.cost(after:)) ?? least
        guard cost != pod.deletionCost else { continue }
        given.append((age, ScaleInBusyCost(pod: pod.reference, revision: revision, cost: cost)))
      } else if pod.hasBusyCost, isOver || standing.holdsNoWork {
        taken.append(ScaleInBusyCost(pod: pod.reference, revision: revision, cost: nil))
      }
    }
    // Idle ones first: theirs would let a busy one go instead. Then who has worked for the longest time.
    busyCosts = Array(taken.prefix(Self.busyCostsPerLook))
    let rest = min(
      Self.busyCostsPerLook - busyCosts.count, Self.busyCostsPerScaleIn - memory.busyCostsGiven)
    given.sort { ($0.age ?? .zero, $1.cost.pod.name) > ($1.age ?? .zero, $0.cost.pod.name) }
    busyCosts += given.prefix(rest).map(\.cost)
    memory.busyCostsGiven += min(given.count, rest)
    mustTakeBusyCosts = !isGiving && view.pods.contains(where: \.hasBusyCost)
  }
}

extension ScaleInStanding {
  /// Whether it is known that its worker, if it has one, holds no work.
  fileprivate var holdsNoWork: Bool {
    switch self {
    case .busy, .unknown, .unmapped: false
    case .outOfService, .idle, .free, .starting: true
    }
  }
}
