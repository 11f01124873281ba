internal import Autoscaling
internal import Colonies
internal import KubernetesClient
internal import Timekeeping

/// Looks at a target, its pods and its workers.
///
/// In this order: registrations and orders first, and then who holds work, so that a worker that was out of service
/// and is seen to be idle has stayed so. What waits comes before what runs, so that a process which is taken in between
/// is in one list at least.
struct ScaleInLook: Sendable {
  let scaler: ScalerConfiguration
  let cluster: any ScaleInCluster
  let queue: any WorkerQueue
  let names: PodNames
  let time: Timekeeper

  /// Of how many workers that a list does not show it is asked in one look whether they hold work.
  private static let asked = 32

  /// What the queue says.
  private struct Roster {
    let workers: PodWorkers
    let scaleIn: [ScaleInWorker]
    let orders: [ScaleInOrder]
    let showsAllOrders: Bool
    let strangers: Set<String>
    let usedNames: Set<String>
    let longestProcess: Duration?
  }

  /// - Parameters:
  ///   - victims: Which pods the cluster takes away, if ReplicaSets make them.
  ///   - orders: The orders that are known; updated.
  ///   - lastBusy: When workers were last known to hold work, by their ids.
  ///   - looksForOrders: Whether to look for orders that are not known among the processes that wait.
  ///   - hasUncordonable: Whether a worker could not be kept from taking work, so that it matters for how long it might.
  func look(
    victims: ScaleInPolicy.VictimOrder, orders: inout [String: KnownOrder],
    lastBusy: [String: ScalingInstant], looksForOrders: Bool, hasUncordonable: Bool
  ) async -> ScaleInSight {
    var problems: [String] = []
    var seenTarget: ScaleInObservation.Target?
    var generation: Int?
    do throws(TargetError) {
      let now = try await cluster.observe()
      generation = now.generation
      seenTarget = ScaleInObservation.Target(replicas: now.replicas, revision: now.revision.value)
    } catch {
      problems.append("\(error)")
    }
    var seenPods: [Pod]?
    do throws(TargetError) {
      seenPods = try await cluster.pods()
    } catch {
      problems.append("the pods are not known: \(error)")
    }
    // What has ended takes no work any more, and only waits for somebody to delete it.
    let present = seenPods?.filter { !$0.hasEnded }
    let pods = present?.map(scaleInPod)
    var roster: Roster?
    var reachesUnregistered = false
    if let pods {
      do {
        reachesUnregistered = try await queue.reachesUnregistered()
        roster = try await self.roster(
          pods, &orders, lastBusy, looksForOrders: looksForOrders, hasUncordonable: hasUncordonable)
      } catch {
        problems.append("the workers are not known: \(error)")
      }
    }
    let active = present?.filter { !$0.isTerminating } ?? []
    let observation = ScaleInObservation(
      target: seenTarget, pods: pods, workers: roster?.scaleIn,
      orders: roster?.orders, usedNames: roster?.usedNames ?? [],
      strangers: roster?.strangers ?? [],
      gracePeriod: active.map(\.terminationGracePeriodSeconds).min().map { .seconds($0) },
      longestProcess: roster?.longestProcess, ordersGoFirst: reachesUnregistered,
      // The API whose orders are addressed by name is the one that has signs of life.
      busyAreHeard: reachesUnregistered)
    return ScaleInSight(
      observation: observation, generation: generation, problems: problems,
      workers: roster?.workers.byPod ?? [:],
      others: roster?.workers.others ?? [],
      showsAllOrders: roster?.showsAllOrders ?? false,
      victims: active.allSatisfy { $0.controller?.kind == "ReplicaSet" } ? victims : .unknown)
  }

  // MARK: Pods

  private func scaleInPod(_ pod: Pod) -> ScaleInPod {
    let condition: ScaleInPod.Condition =
      pod.nodeName == nil
      ? .unscheduled : pod.phase != .running ? .pending : pod.isReady ? .ready : .notReady
    let mark = pod.metadata.annotations[ScaleInMark.annotation]
    return ScaleInPod(
      name: pod.metadata.name, uid: pod.metadata.uid ?? "", owner: pod.controller?.uid, condition: condition,
      isTerminating: pod.isTerminating,
      createdAt: pod.metadata.creationTimestamp.map {
        time.instant(sinceEpoch: .microseconds($0.microseconds))
      },
      revision: pod.metadata.resourceVersion, deletionCost: pod.deletionCost,
      mark: mark.flatMap(ScaleInMark.init))
  }

  // MARK: Workers

  private func roster(
    _ pods: [ScaleInPod], _ orders: inout [String: KnownOrder], _ lastBusy: [String: ScalingInstant],
    looksForOrders: Bool, hasUncordonable: Bool
  ) async throws -> Roster {
    let deadline = scaler.server.deadline
    let type = scaler.executorType
    let queue = queue
    let all = try await time.within(deadline) { try await queue.workers(executorType: type) }
    let podNames = Set(pods.map(\.name))
    let workers = PodWorkers(all, pods: podNames)
    let strangers = strangers(workers)
    let hasUnmapped =
      !strangers.isEmpty && pods.contains { $0.mayHaveWorker && workers.byPod[$0.name] == nil }
    // Only such pods need the time to end what their workers may be given.
    let weighsProcesses = hasUncordonable || hasUnmapped || !workers.shared.isEmpty
    var standings = try await standings(of: orders.keys)
    var waiting: ProcessListing?
    if looksForOrders || weighsProcesses {
      waiting = try await time.within(deadline) { try await queue.processes(.waiting, executorType: type) }
    }
    take(waiting?.orders ?? [], &orders, &standings)
    let running = try await time.within(deadline) { try await queue.processes(.running, executorType: type) }
    if running.isComplete {
      // What does not run any more has ended, or waits again: the next look tells.
      for (id, standing) in standings where standing.isHeld { standings[id] = nil }
    }
    take(running.orders, &orders, &standings)
    for (id, standing) in standings where standing == .ended { orders[id] = nil }
    let holdsWork = try await busy(workers, running, ordered: orders.values.map(\.addressee))
    return Roster(
      workers: workers,
      scaleIn: workers.all.map { scaleInWorker($0, workers, running, lastBusy, holdsWork) },
      orders: scaleInOrders(orders, standings, workers, podNames),
      showsAllOrders: running.isComplete && waiting?.isComplete == true,
      strangers: strangers,
      usedNames: workers.usedNames,
      longestProcess: waiting.flatMap { longestProcess([$0, running]) })
  }

  private func strangers(_ workers: PodWorkers) -> Set<String> {
    Set(workers.others.map { PodWorkers.podName(of: $0.name) }.filter { !names.contains($0) })
  }

  /// How long the longest of all processes may run; nil when that is not known, and when there are none.
  private func longestProcess(_ lists: [ProcessListing]) -> Duration? {
    guard lists.allSatisfy(\.isComplete) else { return nil }
    let leases = lists.filter { $0.count > 0 }.map(\.longestLease)
    guard !leases.contains(nil) else { return nil }
    return leases.compactMap(\.self).max().map { .seconds($0) }
  }

  private func standings(of ids: some Sequence<String>) async throws -> [String: OrderStanding] {
    let queue = queue
    return try await time.within(scaler.server.deadline) { [ids = Array(ids)] in
      try await withThrowingTaskGroup(of: (String, OrderStanding).self) { group in
        for id in ids { group.addTask { (id, try await queue.standing(ofOrder: id)) } }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
    }
  }

  /// Takes in orders that were found in a list, also those that somebody else gave.
  private func take(
    _ found: [ListedOrder], _ orders: inout [String: KnownOrder], _ standings: inout [String: OrderStanding]
  ) {
    for order in found {
      standings[order.id] = order.standing
      guard orders[order.id] == nil else { continue }
      let end = order.end.map { time.instant(of: $0) }
      orders[order.id] = KnownOrder(
        addressee: order.addressee, pod: nil, waitingEnds: end, leaseEnds: end)
    }
  }

  /// Finds out who holds work. Of workers that a list which is cut off does not show, some are asked about.
  private func busy(
    _ workers: PodWorkers, _ running: ProcessListing, ordered: [String]
  ) async throws -> (Executor) -> Bool? {
    guard !running.isComplete else { return { running.executors.contains($0.id) } }
    let ordered = Set(ordered)
    let hidden = (Array(workers.byPod.values) + workers.older.values.joined()).filter {
      !running.executors.contains($0.id)
    }
    let first = hidden.filter { ordered.contains($0.name) || ordered.contains($0.id) }
    // Another part of the others in each look.
    let others = hidden.filter { !ordered.contains($0.name) && !ordered.contains($0.id) }.shuffled()
    let asked = first + others.prefix(max(Self.asked - first.count, 0))
    let queue = queue
    let answers = try await time.within(scaler.server.deadline) {
      try await withThrowingTaskGroup(of: (String, Bool).self) { group in
        for worker in asked { group.addTask { (worker.id, try await queue.holdsWork(worker)) } }
        return try await group.reduce(into: [String: Bool]()) { $0[$1.0] = $1.1 }
      }
    }
    return { running.executors.contains($0.id) ? true : answers[$0.id] }
  }

  private func scaleInWorker(
    _ worker: Executor, _ workers: PodWorkers, _ running: ProcessListing,
    _ lastBusy: [String: ScalingInstant], _ holdsWork: (Executor) -> Bool?
  ) -> ScaleInWorker {
    let registration: ScaleInWorker.Registration =
      switch worker.state {
      case .pending, .unregistered: .pending
      case .approved: .approved
      case .rejected: .rejected
      }
    let name = PodWorkers.podName(of: worker.name)
    // Whichever of its pod's workers it is that works: all of them would go.
    let all = [worker] + (workers.older[name] ?? [])
    let answers = all.map(holdsWork)
    return ScaleInWorker(
      name: name, executorID: worker.id, registration: registration,
      isBusy: answers.contains(true) ? true : answers.contains(nil) ? nil : false,
      sharesPod: workers.shared.contains(name),
      busySince: all.compactMap { running.starts[$0.id] }.min().map { time.instant(of: $0) },
      lastBusy: lastBusy[worker.id],
      lastHeard: worker.lastHeardFromTime.map { Duration.nanoseconds($0.nanoseconds) })
  }

  /// The orders to workers of these pods, and of pods of theirs that are gone; others are another scaler's.
  private func scaleInOrders(
    _ orders: [String: KnownOrder], _ standings: [String: OrderStanding], _ workers: PodWorkers,
    _ pods: Set<String>
  ) -> [ScaleInOrder] {
    let registered = Dictionary(
      workers.all.map { ($0.id, $0.name) }, uniquingKeysWith: { $1 })
    return orders.compactMap { id, order in
      let state: ScaleInOrder.State
      switch standings[id] {
      case .waiting: state = .waiting(until: order.waitingEnds)
      case .held(let holder): state = .held(by: holder, until: order.leaseEnds)
      case .ended, nil: return nil
      }
      let name = order.pod ?? podName(order.addressee, registered)
      guard pods.contains(name) || names.contains(name) || order.pod != nil || isNobodys(name) else {
        return nil
      }
      let worker = workers.byPod[name]
      return ScaleInOrder(
        id: id, worker: name, state: state,
        reachesWorker: worker.map { [$0.name, $0.id].contains(order.addressee) } ?? true)
    }
  }

  /// The name of the pod of whoever an order is for. An id that no worker has is that of one that is gone, as if its
  /// pod had been this target's: nobody can take the order any more, and nothing else would end it.
  private func podName(_ addressee: String, _ registered: [String: String]) -> String {
    if let name = registered[addressee] { return PodWorkers.podName(of: name) }
    let isID = addressee.utf8.count == Self.idLength && addressee.allSatisfy(\.isHexDigit)
    return isID ? names.prefix + addressee : PodWorkers.podName(of: addressee)
  }

  private func isNobodys(_ name: String) -> Bool {
    name.hasPrefix(names.prefix) && name.utf8.count == names.prefix.utf8.count + Self.idLength
  }

  private static let idLength = 64
}

extension ScaleInPod {
  /// Whether its containers run, and so a worker in it may.
  fileprivate var mayHaveWorker: Bool { !isTerminating && condition >= .notReady }
}

extension OrderStanding {
  fileprivate var isHeld: Bool { if case .held = self { true } else { false } }
}

extension Timekeeper {
  /// The moment of a server's time stamp, as ``instant(sinceEpoch:)``.
  func instant(of timestamp: Timestamp) -> ScalingInstant {
    instant(sinceEpoch: .nanoseconds(timestamp.nanoseconds))
  }

  /// The moment at which a clock on the wall shows, or showed, a time, if it goes as this machine's does.
  /// - Parameter wall: The time since the beginning of 1970, UTC.
  func instant(sinceEpoch wall: Duration) -> ScalingInstant {
    instant().advanced(by: wall - wallTime())
  }
}
