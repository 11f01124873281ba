/// What a scale-in remembers between steps.
///
/// Nothing that it needs in order to be safe: whoever leads next begins with an empty memory, finds cordons at the
/// queue and marks on the pods, and waits once more for what takes time. Bounded by the number of pods.
public struct ScaleInMemory: Sendable, Hashable {
  /// What is remembered about a pod.
  struct Pod: Sendable, Hashable {
    let name: String
    /// Since when it was seen ready without interruption; nil while it is not.
    var readySince: ScalingInstant?
    /// Since when it was seen with containers that run and are not ready; nil while it is not so.
    var unreadySince: ScalingInstant?
    /// Since when it was seen with containers that run and without a worker that the owner has decided about; nil while
    /// it is not.
    var runsSince: ScalingInstant?
    /// Whether it has the lowest deletion cost: among others, which it is does not matter.
    var isLowest: Bool
    /// Since when it was seen with the lowest deletion cost, or without it.
    var costSince: ScalingInstant
    var isBusy: Bool?
    var lastBusy: ScalingInstant?
    /// Since when its worker was asked to be out of service and has not confirmed it.
    var cordoningSince: ScalingInstant?
    /// When that was last asked for.
    var cordonSent: ScalingInstant?
    /// How often it was asked for and nothing came of it, since its worker last confirmed it.
    var cordonsSent = 0
    /// Until when its worker counts as one that cannot be cordoned.
    var notCordonableUntil: ScalingInstant?
    /// When its worker was last let free, as long as that may still be on its way.
    var uncordonSent: ScalingInstant?
    /// When its mark was last taken away, as long as that may still be on its way: a new mark would go, too.
    var unmarkSent: ScalingInstant?
    /// The deletion cost that it was last to be given, as long as that has not been seen and may still arrive.
    var costSent: SentCost?
    /// Until when one of several may still arrive. Of those, the one that is seen may be any.
    var costUncertainUntil: ScalingInstant?

    /// Notes that it is to be given a deletion cost; nil for none.
    mutating func sendCost(_ cost: Int32?, at now: ScalingInstant, policy: ScaleInPolicy) {
      if costSent != nil || costUncertainUntil != nil {
        costUncertainUntil = now.advanced(by: policy.requestDeadline)
      }
      costSent = SentCost(cost: cost ?? 0, at: now)
    }

    /// Takes in its deletion cost.
    mutating func seeCost(_ cost: Int32, at now: ScalingInstant, policy: ScaleInPolicy) {
      let isLowest = cost == ScaleInPolicy.chosenCost
      if isLowest != self.isLowest {
        self.isLowest = isLowest
        costSince = now
      }
      if let sent = costSent, sent.cost == cost || sent.at.advanced(by: policy.requestDeadline) <= now {
        costSent = nil
      }
      if let until = costUncertainUntil, until <= now { costUncertainUntil = nil }
    }
  }

  /// A deletion cost that was written, and when.
  struct SentCost: Sendable, Hashable {
    let cost: Int32
    let at: ScalingInstant
  }

  /// A change of the replicas whose outcome has not been seen.
  struct Change: Sendable, Hashable {
    let replicas: Int
    let revision: String
    let at: ScalingInstant
  }

  /// Pods against replicas.
  enum Balance: Sendable, Hashable {
    case tooFew
    case even
    case tooMany
  }

  /// By uid.
  var pods: [String: Pod] = [:]
  var change: Change?
  /// The uids of the pods that were chosen in the last step.
  var chosen: Set<String> = []
  /// The pods that the last change is to take away: their names by uid.
  var expected: [String: String] = [:]
  /// Whether a ready pod went that the last change was not to take away.
  var hasLostAnother = false
  /// Whether there are more pods than replicas, fewer or as many.
  var balance = Balance.even
  /// Since when, without a change on its way and without a pod that went; nil while there is a change, and before the
  /// first observation.
  var balanceSince: ScalingInstant?
  /// Since when pods are chosen.
  var attemptSince: ScalingInstant?
  var retryAt: ScalingInstant?
  /// Whether a pod went that the deletion costs should have spared.
  var distrustsCosts = false
  /// How many costs busy pods were given in this scale-in.
  var busyCostsGiven = 0

  /// Remembers nothing.
  public init() {}

  /// Whether some worker could not be kept from taking work, so that it matters whether its pod has the time to end
  /// whatever it may be given.
  public var hasUncordonable: Bool { pods.values.contains { $0.notCordonableUntil != nil } }

  /// Notes that the last change of the replicas was certainly not made: it was refused, or never sent.
  public mutating func changeWasRefused() {
    change = nil
    expected = [:]
  }

  /// Notes that the last change of the replicas was sent again, based on another version of the target.
  public mutating func changeWasSent(revision: String) {
    change = change.map { Change(replicas: $0.replicas, revision: revision, at: $0.at) }
  }

  /// Takes in what was seen, and says what became of the pods of the last change.
  mutating func take(
    _ view: ScaleInView, policy: ScaleInPolicy, now: ScalingInstant
  ) -> [ScaleInFinding] {
    if let change {
      // It is based on one version of the target: once there is another, it has been made or never will be.
      let isDecided = change.revision != view.target.revision
      if isDecided || change.at.advanced(by: policy.requestDeadline) <= now {
        self.change = nil
        if view.target.replicas > change.replicas { expected = [:] }
      }
    }
    let findings = findings(view)
    remember(view, policy: policy, now: now)
    return findings
  }

  private mutating func findings(_ view: ScaleInView) -> [ScaleInFinding] {
    guard !expected.isEmpty else { return [] }
    let there = Set(view.pods.map(\.uid))
    var findings: [ScaleInFinding] = []
    for (uid, pod) in pods.sorted(by: { $0.value.name < $1.value.name }) where !there.contains(uid) {
      if expected.removeValue(forKey: uid) != nil {
        findings.append(.removed(pod: pod.name))
      } else {
        hasLostAnother = hasLostAnother || pod.readySince != nil
        findings.append(.removedInstead(pod: pod.name, wasBusy: pod.isBusy))
      }
    }
    if change == nil, view.surplus == 0 {
      findings += expected.values.sorted().map(ScaleInFinding.survived)
      if !expected.isEmpty, hasLostAnother { distrustsCosts = true }
      expected = [:]
      hasLostAnother = false
    }
    return findings
  }

  private mutating func remember(_ view: ScaleInView, policy: ScaleInPolicy, now: ScalingInstant) {
    var seen: [String: Pod] = [:]
    for pod in view.pods {
      let worker = view.workers[pod.name]
      let cost = pod.deletionCost ?? 0
      var memory =
        pods[pod.uid] ?? Pod(name: pod.name, isLowest: cost == ScaleInPolicy.chosenCost, costSince: now)
      memory.readySince = pod.condition < .ready ? nil : memory.readySince ?? now
      memory.unreadySince = pod.condition == .notReady ? memory.unreadySince ?? now : nil
      // Who has registered runs, also where the pods' watch does not say so yet.
      let isExpected = worker.map { $0.registration == .pending } ?? (pod.condition >= .notReady)
      memory.runsSince = isExpected ? memory.runsSince ?? now : nil
      let hasConfirmed =
        worker?.registration == .rejected
        || view.orders[pod.name]?.contains { $0.isHeld(by: worker?.executorID ?? "", until: now) } == true
      if hasConfirmed {
        memory.cordoningSince = nil
        memory.cordonsSent = 0
      }
      memory.seeCost(cost, at: now, policy: policy)
      memory.isBusy = worker == nil ? false : worker?.isBusy
      if worker?.isBusy == true { memory.lastBusy = now }
      if let lastBusy = worker?.lastBusy { memory.lastBusy = max(memory.lastBusy ?? lastBusy, lastBusy) }
      if let until = memory.notCordonableUntil, until <= now {
        // It is given another chance, with as many attempts as the first one had.
        memory.notCordonableUntil = nil
        memory.cordoningSince = nil
        memory.cordonsSent = 0
      }
      if let sent = memory.uncordonSent {
        // Orders are cancelled one by one: once they are gone, later ones are not affected.
        let isDone = policy.cordon == .drain && view.orders[pod.name] == nil
        if isDone || sent.advanced(by: policy.requestDeadline) <= now { memory.uncordonSent = nil }
      }
      if let sent = memory.unmarkSent, sent.advanced(by: policy.requestDeadline) <= now {
        memory.unmarkSent = nil
      }
      seen[pod.uid] = memory
    }
    // While pods go, the target is still doing what it was told before.
    let isSame = balance == view.balance && change == nil && pods.keys.allSatisfy { seen[$0] != nil }
    pods = seen
    balance = view.balance
    balanceSince = change == nil ? (isSame ? balanceSince ?? now : now) : nil
    if let retryAt, retryAt <= now { self.retryAt = nil }
  }
}
