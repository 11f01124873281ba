internal import Colonies
internal import HTTPTransport
internal import KubernetesTestSupport
internal import TestSupport

/// Provokes races: waits for a step of a scale-in, and then lets something happen in the same moment.
struct SoakRaces: Sendable {
  /// A step of a scale-in as it can be seen from outside.
  enum Step: String, Sendable, Hashable, CaseIterable {
    /// None: at any time.
    case anyTime
    /// A pod is marked, or given a deletion cost.
    case podPatched
    /// An order to drain waits for its worker.
    case orderWaiting
    /// A worker holds an order to drain.
    case orderHeld
    /// A worker is rejected.
    case workerRejected
    /// The replicas are changed.
    case scalePatched
    /// A pod is chosen by its ReplicaSet and asked to go.
    case podRemoved

    /// The cordon that has the step; nil for all.
    fileprivate var cordon: SoakCombination.Cordon? {
      switch self {
      case .anyTime, .podPatched, .scalePatched, .podRemoved: nil
      case .orderWaiting, .orderHeld: .drain
      case .workerRejected: .approval
      }
    }
  }

  /// What happens then.
  enum Blow: String, Sendable, Hashable, CaseIterable {
    /// Every queue gets more work.
    case burst
    /// The leader is killed.
    case kill
    /// The leader is asked to end.
    case stop
    /// A worker dies.
    case crash
    /// The next writes to pods and replicas are late, refused, or lose their answers.
    case slowWrites, refusedWrites, lostAnswers
  }

  /// What was done.
  struct Count: Sendable, Hashable {
    let step: Step
    let blow: Blow
  }

  let targets: [SoakTarget]
  let proxy: FaultProxy
  let kubelet: FakeKubelet
  let replicaSets: FakeReplicaSets
  let controllers: SoakControllers

  /// Provokes one race after the other until it is cancelled.
  /// - Parameter note: Is told what was done.
  func run(seed: UInt64, pause: ClosedRange<Duration>, note: (Count) -> Void) async throws {
    var randomness = SplitMix64(seed: seed)
    while !Task.isCancelled {
      let target = randomness.element(of: targets)
      let step = randomness.element(
        of: Step.allCases.filter { [nil, target.combination.cordon].contains($0.cordon) })
      // Deaths of the leader cost the most time, and would leave little to be seen in between.
      let blow = randomness.element(of: Blow.allCases + [.burst, .burst, .burst, .slowWrites])
      let share = Double(randomness.next(in: 0...1000)) / 1000
      guard await happens(step, within: .seconds(4), target: target) else { continue }
      if try await strike(blow, using: &randomness) { note(Count(step: step, blow: blow)) }
      // Cancelled: the loop ends.
      try? await ContinuousClock().sleep(
        for: pause.lowerBound + (pause.upperBound - pause.lowerBound) * share)
    }
  }

  // MARK: Waiting for a step

  private func happens(_ step: Step, within limit: Duration, target: SoakTarget) async -> Bool {
    switch step {
    case .anyTime: true
    case .podPatched: await happens(within: limit) { $0.method == .patch && $0.resource == "pods" }
    case .scalePatched:
      await happens(within: limit) { $0.method == .patch && $0.resource.hasSuffix("/scale") }
    case .orderWaiting: await happens(within: limit) { try await !target.colony.orders(.waiting).isEmpty }
    case .orderHeld: await happens(within: limit) { try await !target.colony.orders(.running).isEmpty }
    case .workerRejected:
      await happens(within: limit) { try await target.colony.workers().contains { $0.state == .rejected } }
    case .podRemoved:
      await {
        let before = await replicaSets.victims.count
        return await happens(within: limit) { await replicaSets.victims.count > before }
      }()
    }
  }

  /// Waits until the autoscaler has had an answer of a sort.
  private func happens(
    within limit: Duration, _ isMeant: @escaping @Sendable (FaultProxy.Call) -> Bool
  ) async -> Bool {
    let before = proxy.count(of: isMeant)
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await proxy.wait(for: before + 1, of: isMeant)
        return !Task.isCancelled
      }
      group.addTask {
        // Cancelled: so is the question.
        try? await ContinuousClock().sleep(for: limit)
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }

  private func happens(within limit: Duration, _ isSo: () async throws -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end, !Task.isCancelled {
      // A queue that does not answer now is asked again.
      if (try? await isSo()) == true { return true }
      // Cancelled: the loop ends.
      try? await ContinuousClock().sleep(for: .milliseconds(50))
    }
    return false
  }

  // MARK: Striking

  private func strike(_ blow: Blow, using randomness: inout SplitMix64) async throws -> Bool {
    let writes = [Fault.Match(.patch, "/pods/"), Fault.Match(.patch, "/scale")]
    // Those that nothing was sent for.
    proxy.clear()
    switch blow {
    case .burst:
      for target in targets {
        for _ in 0..<randomness.next(in: 0...2) { try await target.submitAny(using: &randomness) }
      }
    case .kill: return try await controllers.endLeader(isAsked: false, isLeaseFreed: randomness.chance(75))
    case .stop: return try await controllers.endLeader(isAsked: true, isLeaseFreed: false)
    case .crash:
      let alive = await kubelet.records.filter { $0.runs.last?.start != nil && $0.runs.last?.end == nil }
      guard !alive.isEmpty else { return false }
      await kubelet.crash(randomness.element(of: alive).name)
    case .slowWrites:
      for write in writes {
        proxy.add(.delay(.milliseconds(randomness.next(in: 50...2000))), to: write, times: 3)
      }
    case .refusedWrites:
      for write in writes {
        let status = randomness.element(of: [409, 429, 500])
        let reason = [409: "Conflict", 429: "TooManyRequests"][status] ?? "InternalError"
        proxy.add(.status(status, reason: reason, retryAfter: status == 429 ? 1 : nil), to: write, times: 1)
      }
    case .lostAnswers: for write in writes { proxy.add(.loseAnswer, to: write, times: 1) }
    }
    return true
  }
}
