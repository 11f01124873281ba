internal import Autoscaling
internal import Colonies
internal import Timekeeping

extension ScaleInTarget {
  /// How much of an order must be left when the replicas are changed: for the change to arrive, and for the cluster to
  /// tell the workers.
  private static let leaseMargin: Duration = .seconds(25)

  /// The time between two searches for orders that are not known. As long as lists are cut off, an order that nobody
  /// has taken may be behind their ends. Each search is a call more in a look, and one of which servers of the runtime
  /// API take seconds to answer while thousands of processes wait. So no look but one in this time has it.
  private static let orderSearchInterval: Duration = .seconds(30)

  /// Looks, and takes in which orders there are.
  func see() async -> ScaleInSight {
    if lastBusy == nil, wish != nil { lastBusy = await recentlyBusy() }
    // In a copy, as others may change it meanwhile.
    var known = orders
    let looksForOrders = orderSearch.map { $0 <= time.now() } ?? false
    let before = Set(known.keys)
    let sight = await look.look(
      victims: await victimOrder(), orders: &known, lastBusy: lastBusy ?? [:],
      looksForOrders: looksForOrders, hasUncordonable: memory.hasUncordonable)
    for id in before where known[id] == nil { orders[id] = nil }
    if let seen = sight.observation.orders {
      // Those of other targets are theirs to follow.
      let own = Set(seen.map(\.id))
      orders.merge(known.filter { own.contains($0.key) }) { own, _ in own }
      if sight.showsAllOrders {
        orderSearch = nil
      } else if looksForOrders {
        orderSearch = time.now() + Self.orderSearchInterval
      }
      rejected.formIntersection(sight.workers.values.map(\.id))
    }
    return sight
  }

  /// Which pods the cluster takes away, which depends on its version.
  private func victimOrder() async -> ScaleInPolicy.VictimOrder {
    switch scaler.scaleIn?.deletionCost {
    case .honored?: return .deletionCost
    case .ignored?, nil: return .unknown
    case .auto?: break
    }
    do throws(TargetError) {
      return try await cluster.honorsDeletionCost() ? .deletionCost : .unknown
    } catch {
      warn("not known which pods the cluster takes away first: \(error)", "scaleInBlind")
      return .unknown
    }
  }

  /// When workers last ended work, as far as the newest processes that ended say.
  private func recentlyBusy() async -> [String: ScalingInstant] {
    let queue = queue
    let type = scaler.executorType
    do {
      let ended = try await time.within(scaler.server.deadline) {
        try await queue.processes(.successful, executorType: type)
      }
      return ended.lastEnds.mapValues { time.instant(of: $0) }
    } catch {
      // Only the order of choosing depends on it, and nothing waits for a server that is slow to say it again.
      return [:]
    }
  }

  /// The rules for what was seen.
  func policy(_ sight: ScaleInSight) -> ScaleInPolicy {
    ScaleInPolicy(
      cordon: scaler.scaleIn?.cordon ?? .drain, allowBusy: scaler.scaleIn?.allowBusy ?? false,
      victims: sight.victims, leaseMargin: Self.leaseMargin)
  }

  /// Unregisters workers whose pods have been gone for long enough.
  func unregisterOrphans(_ sight: ScaleInSight) async {
    guard let owner = scaler.ownerCredentials, let scaleIn = scaler.scaleIn else { return }
    lastSweep = time.now()
    let expired = orphans.expired(in: sight.observation, after: scaleIn.orphansAfter, now: time.instant())
    let began = time.now()
    for reference in expired {
      // What a server that does not answer leaves undone, the next look does: it must not keep others cordoned.
      guard time.now() - began < Self.budget else { return }
      guard let worker = sight.others.first(where: { $0.id == reference.executorID }) else { continue }
      await act("unregister \(worker.name), whose pod is gone", "unregister") { [queue] _ in
        try await queue.unregister(worker, owner: owner)
      }
    }
  }
}
