import Autoscaling
import TestSupport
import Testing

/// Each test runs 40 seeds with 50 histories of 60 decisions: 2,000 histories, 120,000 decisions.
@Suite("What holds for every history")
struct DecisionPropertyTests {
  private static let seeds = 0..<40 as Range<UInt64>

  /// Runs random histories; `check` sees every decision with the scaler before and after it.
  private func run(
    seed: UInt64,
    _ check: (
      _ before: Scaler, _ observation: QueueObservation, _ decision: Decision, _ after: Scaler
    ) throws -> Void
  ) async throws {
    var generator = RandomScaling(seed: seed)
    for _ in 0..<50 {
      // Tests that wait for something share the threads.
      await Task.yield()
      var scaler = Scaler(try generator.policy(), replicas: generator.random.next(in: 0...40))
      for _ in 0..<60 {
        let observation = try generator.step(&scaler)
        let before = scaler
        let decision = scaler.decide(observation)
        try check(before, observation, decision, scaler)
      }
    }
  }

  @Test(
    "the result is within the bounds, or it is the current number that cannot be changed yet",
    arguments: seeds)
  func withinBounds(seed: UInt64) async throws {
    try await run(seed: seed) { before, _, decision, _ in
      let inside = decision.explanation.bounds.bounded(decision.replicas) == decision.replicas
      let isHeld = decision.replicas == before.replicas
      let isAbove = before.replicas > decision.explanation.bounds.max
      let mayStay = isHeld && (isAbove || decision.explanation.reason == .budgetUsedUp)
      #expect(inside || mayStay, "seed \(seed): \(decision.explanation)")
    }
  }

  @Test("nothing is taken away while the queue is unknown, except by a fallback that may", arguments: seeds)
  func neverDownOnUnknown(seed: UInt64) async throws {
    try await run(seed: seed) { before, _, decision, _ in
      if case .demand(let demand) = decision.explanation.basis, demand.isPart {
        #expect(
          decision.direction != .down || before.replicas > decision.explanation.bounds.max,
          "seed \(seed): \(decision.explanation)")
      }
      guard case .unknown = decision.explanation.basis, decision.direction == .down else { return }
      #expect(before.policy.fallback?.allowLowering == true, "seed \(seed): \(decision.explanation)")
      #expect(decision.explanation.reason == .fallbackLowered, "seed \(seed)")
    }
  }

  @Test(
    "a step down never goes below what was needed within the window, and the window was observed",
    arguments: seeds)
  func windowBeforeDown(seed: UInt64) async throws {
    var trusted: [DemandBasis] = []
    var begin = ScalingInstant.origin
    try await run(seed: seed) { before, _, decision, _ in
      if before.state == ScalerState() {
        trusted = []
        begin = before.now
      }
      if case .demand(let demand) = decision.explanation.basis, !demand.isPart,
        demand.reading != trusted.last?.reading
      {
        trusted.append(demand)
      }
      guard decision.direction == .down else { return }
      let window = before.policy.scaleDown.window
      #expect(begin.duration(to: before.now) >= window, "seed \(seed): shrunk too soon after a restart")
      guard decision.explanation.reason != .fallbackLowered, let last = trusted.last else { return }
      let windowBegin = last.reading.observedAt.advanced(by: .zero - window)
      let inForceAtBegin = trusted.lastIndex { $0.reading.observedAt <= windowBegin }
      let first = try #require(inForceAtBegin, "seed \(seed): \(decision.explanation)")
      for index in first..<trusted.count {
        let needed = decision.explanation.bounds.bounded(trusted[index].needed)
        #expect(needed <= decision.replicas, "seed \(seed): \(decision.explanation)")
        #expect(trusted[index].reading.exactness != .atLeast, "seed \(seed)")
        #expect(trusted[index].objectives?.isIncomplete != true, "seed \(seed)")
        if index > first {
          let pause = trusted[index - 1].reading.observedAt.duration(
            to: trusted[index].reading.observedAt)
          #expect(pause <= before.policy.stalenessLimit, "seed \(seed)")
        }
      }
    }
  }

  @Test("deciding again on the same changes nothing", arguments: seeds)
  func idempotent(seed: UInt64) async throws {
    try await run(seed: seed) { _, observation, decision, after in
      var again = after
      let second = again.decide(observation)
      #expect(second.replicas == decision.replicas, "seed \(seed): \(second.explanation)")
      // The first repetition may see that the change was made; nothing new is left for another one.
      var third = again
      #expect(third.decide(observation).replicas == decision.replicas, "seed \(seed)")
      #expect(third.state == again.state, "seed \(seed)")
      #expect(again.state == after.state || after.policy.remembersReplicas, "seed \(seed)")
    }
  }

  @Test("the same state, input and moment give the same decision", arguments: seeds)
  func deterministic(seed: UInt64) async throws {
    try await run(seed: seed) { before, observation, decision, after in
      var again = before
      #expect(again.decide(observation) == decision, "seed \(seed)")
      #expect(again.state == after.state, "seed \(seed)")
    }
  }

  @Test("more demand never means fewer replicas", arguments: seeds)
  func monotone(seed: UInt64) async throws {
    var random = SplitMix64(seed: ~seed)
    try await run(seed: seed) { before, observation, decision, _ in
      guard case .reading(let reading) = observation,
        case .demand(let demand) = decision.explanation.basis
      else { return }
      // More may be believed where less is not.
      if case .unknown = demand.queues.first { return }
      let room = Int.max - reading.waiting
      let more = try QueueReading(
        waiting: reading.waiting + min(room, random.element(of: [1, 10, 1_000, Int.max])),
        running: reading.running, finished: reading.finished, isFinishedShared: reading.isFinishedShared,
        observedAt: reading.observedAt, source: reading.source, exactness: reading.exactness)
      var other = before
      let higher = other.decide(.reading(more))
      #expect(
        higher.replicas >= decision.replicas, "seed \(seed): \(decision.explanation)\n\(higher.explanation)")
    }
  }

  @Test("the numbers of the explanation give the decision", arguments: seeds)
  func explanationReproduces(seed: UInt64) async throws {
    try await run(seed: seed) { before, _, decision, _ in
      let explanation = decision.explanation
      #expect(replayed(explanation) == decision.replicas, "seed \(seed): \(explanation)")
      #expect(explanation.formulas.last?.result == decision.replicas, "seed \(seed): \(explanation)")
      #expect(explanation.current == before.replicas, "seed \(seed)")
      let mayLower: [ScalingReason] = [.scaledDown, .loweredToMaximum, .fallbackLowered]
      let mayRaise: [ScalingReason] = [.scaledUp, .raisedToMinimum, .fallbackRaised]
      let reason = explanation.reason
      #expect(
        mayLower.contains(reason) == (decision.direction == .down)
          && mayRaise.contains(reason) == (decision.direction == .up), "seed \(seed): \(explanation)")
    }
  }

  /// The decision worked out again, from nothing but the numbers in its explanation.
  private func replayed(_ explanation: Explanation) -> Int {
    let limited = replayedRates(explanation)
    let current = explanation.current
    guard let budget = explanation.control?.budget, limited != current else { return limited }
    let isObserved = budget.observedAt == nil || limited > current
    let isFree = budget.made < budget.perHour && isObserved
    return isFree || (budget.isExempt && current == 0) ? limited : current
  }

  private func replayedRates(_ explanation: Explanation) -> Int {
    let wanted = replayedWish(explanation)
    let current = explanation.current
    let bounds = explanation.bounds
    if wanted > current, let growth = explanation.control?.growth {
      return min(wanted, max(current, replayed(growth, current), bounds.min))
    }
    if wanted < current, let shrinking = explanation.control?.shrinking {
      return max(wanted, min(current, replayed(shrinking, current), bounds.max))
    }
    return wanted
  }

  private func replayed(_ limit: RateLimit, _ current: Int) -> Int {
    guard case .rate(let rate, let start) = limit.cause else { return current }
    let part = (max(start, 0) * rate.value + 99) / 100
    switch (limit.direction, rate.type) {
    case (.up, .pods): return start + rate.value
    case (.up, _): return start + max(part, 1)
    case (_, .pods): return start - rate.value
    case (_, .percent): return max(start, 0) - min(part, max(start, 0))
    }
  }

  /// The demand of several queues, as far as they are known.
  private func replayed(_ queues: [QueueKnowledge], _ combine: QueueCombination) -> Int {
    let demands = queues.map { queue in
      if case .known(let reading) = queue { reading.demand } else { 0 }
    }
    guard combine == .sum else { return demands.max() ?? 0 }
    return demands.reduce(0) { sum, demand in
      let (sum, overflow) = sum.addingReportingOverflow(demand)
      return overflow ? .max : sum
    }
  }

  /// The replicas that the objectives take, from the measurements: the smallest numbers that do it, found by
  /// trying.
  private func replayed(_ basis: ObjectiveBasis, demand: Int) -> Int {
    guard let times = basis.serviceTimes else { return 0 }
    let service = max(times.mean, .milliseconds(1)) / .seconds(1)
    let rate = basis.arrivals?.perSecond ?? 0
    return basis.needs.map { need in
      let within = need.within / .seconds(1)
      let time = max(need.objective == .drainWithin ? within - service : within, 0)
      let late = max(time - basis.startUp.duration / .seconds(1), 0)
      func begun(by replicas: Int) -> Double {
        let ready = min(replicas, basis.ready ?? .max)
        let begun = Double(ready) * max(time / service, 1) + Double(replicas - ready) * max(late / service, 1)
        return begun * Double(basis.objectives.concurrency)
      }
      let work = Double(demand) + rate * time
      guard work < 1e8 else { return need.replicas }
      var low = 0
      var high = Int(work) + 1
      while low < high {
        let middle = (low + high) / 2
        if begun(by: middle) >= work * (1 - 1e-9) { high = middle } else { low = middle + 1 }
      }
      let load = rate * service / Double(basis.objectives.concurrency)
      #expect(
        need.steadyReplicas >= Int(load) && Double(need.steadyReplicas) <= load + 2 * load.squareRoot() + 2)
      return max(low, need.steadyReplicas)
    }.max() ?? 0
  }

  private func replayedWish(_ explanation: Explanation) -> Int {
    let policy = explanation.policy
    let current = explanation.current
    func clamp(_ replicas: Int) -> Int {
      min(max(replicas, explanation.bounds.min), explanation.bounds.max)
    }
    func needed(_ load: Int) -> Int {
      let each = UInt(policy.processesPerReplica)
      return Int((UInt(load) + each - 1) / each)
    }
    func isNear(_ load: Int, _ tolerance: Double) -> Bool {
      guard current > 0, tolerance > 0 else { return false }
      let difference = Double(load) / (Double(policy.processesPerReplica) * Double(current)) - 1
      return abs(difference) <= tolerance + 1e-12
    }
    switch explanation.basis {
    case .demand(let demand):
      let (sum, overflow) = demand.reading.waiting.addingReportingOverflow(demand.reading.running)
      #expect(demand.reading.demand == (overflow ? .max : sum))
      let objective = demand.objectives.map { replayed($0, demand: demand.reading.demand) } ?? 0
      #expect(demand.needed == max(needed(demand.reading.demand), objective, demand.fallback ?? 0))
      #expect(demand.queues.isEmpty || demand.reading.demand == replayed(demand.queues, policy.combine))
      #expect(needed(demand.load) == demand.needed)
      let low = demand.lowestLoad
      let grown = clamp(isNear(low, policy.scaleUp.tolerance) ? max(current, needed(0)) : needed(low))
      if grown > current { return grown }
      guard let high = demand.highestLoad else { return current }
      let kept = clamp(isNear(high, policy.scaleDown.behavior.tolerance) ? current : needed(high))
      return min(current, kept)
    case .unknown(let unknown):
      let kept = max(explanation.current, explanation.bounds.min)
      guard let fallback = policy.fallback, unknown.polls >= fallback.afterFailures else { return kept }
      let waited = unknown.since.map { $0.duration(to: explanation.decidedAt) } ?? .zero
      if fallback.allowLowering, waited >= policy.scaleDown.window,
        clamp(fallback.replicas) < explanation.current
      {
        return clamp(fallback.replicas)
      }
      return max(kept, clamp(fallback.replicas))
    }
  }

  @Test("constant demand is followed in one direction only, whatever limits the changes", arguments: seeds)
  func noFlappingWithBehavior(seed: UInt64) async throws {
    var generator = RandomScaling(seed: seed)
    for _ in 0..<10 {
      await Task.yield()
      let random = try generator.policy()
      let policy = try ScalingPolicy(
        processesPerReplica: random.processesPerReplica, min: random.min, max: random.max,
        scaleUp: random.scaleUp, idleFor: random.scaleDown.idleFor, scaleDown: random.scaleDown.behavior,
        maxChangesPerHour: random.maxChangesPerHour,
        stalenessLimit: random.stalenessLimit)
      var scaler = Scaler(policy, replicas: generator.random.next(in: policy.min...policy.max))
      let waiting = generator.random.next(in: 0...40)
      var directions: Set<Decision.Direction> = []
      for _ in 0..<100 {
        scaler.wait(generator.random.next(in: 0...5))
        let decision = generator.random.chance(20) ? scaler.fail() : try scaler.read(waiting: waiting)
        directions.insert(decision.direction)
      }
      #expect(directions.subtracting([.hold]).count <= 1, "seed \(seed)")
    }
  }

  @Test("constant demand changes the replicas at most once, whatever fails in between", arguments: seeds)
  func noFlapping(seed: UInt64) async throws {
    var generator = RandomScaling(seed: seed)
    for _ in 0..<50 {
      await Task.yield()
      let random = try generator.policy()
      let policy = try ScalingPolicy(
        processesPerReplica: random.processesPerReplica, min: random.min, max: random.max,
        idleFor: random.scaleDown.idleFor, stalenessLimit: random.stalenessLimit)
      var scaler = Scaler(policy, replicas: generator.random.next(in: policy.min...policy.max))
      let waiting = generator.random.next(in: 0...40)
      var changes = 0
      for _ in 0..<100 {
        scaler.wait(generator.random.next(in: 0...5))
        let decision = generator.random.chance(20) ? scaler.fail() : try scaler.read(waiting: waiting)
        changes += decision.direction == .hold ? 0 : 1
      }
      #expect(changes <= 1, "seed \(seed)")
    }
  }

  @Test(
    "a raised fallback is not lowered within a keep-alive window, however often the source fails",
    arguments: seeds)
  func fallbackDoesNotFlap(seed: UInt64) async throws {
    var generator = RandomScaling(seed: seed)
    let fallback = FallbackPolicy(afterFailures: 3, replicas: 8)
    var scaler = Scaler(try ScalingPolicy(max: 10, fallback: fallback))
    var raisedAt: ScalingInstant?
    for step in 0..<2_000 {
      if step.isMultiple(of: 100) { await Task.yield() }
      scaler.wait(generator.random.next(in: 1...4))
      let decision = generator.random.chance(50) ? scaler.fail() : try scaler.read(waiting: 1)
      if decision.explanation.reason == .fallbackRaised { raisedAt = scaler.now }
      if decision.direction == .down, let raisedAt {
        #expect(raisedAt.duration(to: scaler.now) >= .seconds(60), "seed \(seed)")
      }
    }
  }
}
