@testable import Autoscaling

extension ModelMemory {
  /// The memory that the real rules get. Now is the origin.
  func real(_ rules: ModelRules) -> ScaleInMemory {
    var memory = ScaleInMemory()
    for pod in pods {
      var real = ScaleInMemory.Pod(
        name: pod.uid.text, isLowest: pod.isCheap,
        costSince: ScalingInstant(tick: pod.costSince))
      real.readySince = pod.readySince.map(ScalingInstant.init)
      real.cordoningSince = pod.cordoningSince.map(ScalingInstant.init)
      real.cordonSent = pod.cordonSent.map(ScalingInstant.init)
      real.cordonsSent = Int(pod.cordonsSent)
      real.notCordonableUntil = pod.notCordonableUntil.map(ScalingInstant.init)
      real.uncordonSent = pod.uncordonSent.map(ScalingInstant.init)
      real.unmarkSent = pod.unmarkSent.map(ScalingInstant.init)
      real.costSent = pod.costSent.map {
        ScaleInMemory.SentCost(cost: Self.cost(isCheap: pod.isCheapSent), at: ScalingInstant(tick: $0))
      }
      real.costUncertainUntil = pod.costUncertainUntil.map(ScalingInstant.init)
      memory.pods[pod.uid.text] = real
    }
    memory.change = change.map {
      ScaleInMemory.Change(
        replicas: Int($0.replicas), revision: "\($0.version)", at: ScalingInstant(tick: $0.at))
    }
    // As if somebody were always chosen: an attempt that is not one does no harm by taking too long.
    memory.chosen = Set(pods.map(\.uid.text))
    memory.balance = balance == 0 ? .even : balance < 0 ? .tooFew : .tooMany
    memory.balanceSince = balanceSince.map(ScalingInstant.init)
    memory.attemptSince = attemptSince.map(ScalingInstant.init)
    memory.retryAt = retryAt.map(ScalingInstant.init)
    return memory
  }

  /// Takes back what the real rules made of it. What only helps to choose well is left out: who was busy when.
  init(_ memory: ScaleInMemory, _ rules: ModelRules) {
    for uid in ModelUID.all(rules.pods) {
      guard let real = memory.pods[uid.text] else { continue }
      pods.append(
        Pod(
          uid: uid, readySince: real.readySince?.tick, isCheap: real.isLowest,
          costSince: real.costSince.tick, cordoningSince: real.cordoningSince?.tick,
          cordonSent: rules.policy.cordon == .approval ? real.cordonSent?.tick : nil,
          cordonsSent: UInt8(real.cordonsSent), notCordonableUntil: real.notCordonableUntil?.tick,
          uncordonSent: real.uncordonSent?.tick, unmarkSent: real.unmarkSent?.tick,
          isCheapSent: real.costSent?.cost == ScaleInPolicy.chosenCost,
          costSent: real.costSent?.at.tick, costUncertainUntil: real.costUncertainUntil?.tick))
    }
    change = memory.change.map {
      Change(replicas: UInt8($0.replicas), version: UInt8($0.revision) ?? 0, at: $0.at.tick)
    }
    balance = memory.balance == .even ? 0 : memory.balance == .tooFew ? -1 : 1
    balanceSince = memory.balanceSince?.tick
    attemptSince = memory.attemptSince?.tick
    retryAt = memory.retryAt?.tick
    clamp(rules.policy)
  }

  private static func cost(isCheap: Bool) -> Int32 { isCheap ? ScaleInPolicy.chosenCost : 0 }

  /// A tick passes.
  mutating func age(_ policy: ScaleInPolicy) {
    for index in pods.indices {
      pods[index].readySince? -= 1
      pods[index].costSince -= 1
      pods[index].cordoningSince? -= 1
      pods[index].cordonSent? -= 1
      pods[index].notCordonableUntil? -= 1
      pods[index].uncordonSent? -= 1
      pods[index].unmarkSent? -= 1
      pods[index].costSent? -= 1
      pods[index].costUncertainUntil? -= 1
    }
    change?.at -= 1
    balanceSince? -= 1
    attemptSince? -= 1
    retryAt? -= 1
    clamp(policy)
  }

  /// Moments that are so long ago that it makes no difference when are the same.
  private mutating func clamp(_ policy: ScaleInPolicy) {
    func oldest(_ age: Duration) -> Int8 { -ScalingInstant(offset: age).tick }
    func clamp(_ moment: inout Int8?, _ age: Duration) { moment = moment.map { max($0, oldest(age)) } }
    func expire(_ moment: inout Int8?, _ age: Duration) {
      if let value = moment, value <= oldest(age) { moment = nil }
    }
    if policy.attemptDeadline == ModelRules.never { attemptSince = nil }
    for index in pods.indices {
      if policy.cordonDeadline == ModelRules.never { pods[index].cordoningSince = nil }
      if policy.cordonDeadline == ModelRules.never { pods[index].cordonsSent = 0 }
      clamp(&pods[index].readySince, policy.settle)
      pods[index].costSince = max(pods[index].costSince, oldest(policy.settle))
      clamp(&pods[index].cordoningSince, policy.cordonDeadline)
      expire(&pods[index].cordonSent, policy.requestDeadline)
      expire(&pods[index].notCordonableUntil, .zero)
      expire(&pods[index].uncordonSent, policy.requestDeadline)
      expire(&pods[index].unmarkSent, policy.requestDeadline)
      expire(&pods[index].costSent, policy.requestDeadline)
      if pods[index].costSent == nil { pods[index].isCheapSent = false }
      expire(&pods[index].costUncertainUntil, .zero)
    }
    if let at = change?.at { change?.at = max(at, oldest(policy.requestDeadline)) }
    let waits = [policy.settle, policy.removalDeadline].filter { $0 != ModelRules.never }
    clamp(&balanceSince, waits.max() ?? .zero)
    clamp(&attemptSince, policy.attemptDeadline)
    expire(&retryAt, .zero)
  }
}

extension ModelUID {
  static func all(_ pods: Int) -> [ModelUID] {
    (0..<pods).flatMap { place in (0..<generations).map { ModelUID(place: place, generation: $0) } }
  }

  /// Its uid, and its name.
  var text: String { Self.texts[place][Int(generation)] }

  init?(text: String) {
    guard let uid = Self.uids[text] else { return nil }
    self = uid
  }

  private static let texts = (0..<4).map { place in (0..<generations).map { "p\(place)-\($0)" } }
  private static let uids = Dictionary(uniqueKeysWithValues: all(4).map { ($0.text, $0) })
}

extension ScalingInstant {
  init(tick: Int8) { self.init(offset: .seconds(Int(tick))) }

  var tick: Int8 { Int8(offset.components.seconds) }
}
