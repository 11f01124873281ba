internal import Colonies
internal import JSON
internal import Logging

extension QueueEngine {
  func addExecutor(_ executor: Executor, _ authority: Authority) async throws -> Reply {
    let api = authority.api
    let colony = try authority.ownedColony(
      ColonyReference(id: executor.colonyID, name: executor.colonyName))
    var executor = executor
    executor.colonyID = colony.id
    executor.colonyName = colony.name
    executor.state = .pending
    executor.commissionTime = clock.now()
    executor.lastHeardFromTime = nil
    switch api {
    case .runtime:
      if registry.registrations(executorID: executor.id).contains(where: {
        $0.executor.state != .unregistered
      }) {
        throw Refusal(status: 400, message: "Runtime with Id <\(executor.id)> already exists")
      }
    case .executor:
      if executor.name.contains(":") { throw Refusal(status: 500, message: "Failed to parse Executor name") }
      if let other = registry.registration(name: executor.name, colonyID: colony.id) {
        guard allowsReregistration, other.executor.state == .unregistered else {
          throw Refusal(
            status: 400,
            message: "Executor with name <\(executor.name)> in Colony <\(colony.name)> already exists")
        }
      }
    }
    guard registry.registrationCount < limits.registrations else {
      throw full("registered workers", limits.registrations)
    }
    let registration = registry.register(executor, api: api)
    try await commit([.putRegistration(registration)])
    return Reply(executor.json(api), api)
  }

  /// Approves or rejects a worker, by its identity: all its entries in the colony change.
  func setState(
    _ state: Executor.State, _ reference: ExecutorReference, _ action: String, _ authority: Authority
  ) async throws -> Reply {
    let found = try ownedRegistration(reference, action, authority)
    let entries = registry.registrations(executorID: found.executor.id).filter {
      $0.executor.colonyID == found.executor.colonyID
    }
    let writes = entries.compactMap { entry in
      registry.update(entry.row) { $0.state = state }.map(withLatestHearing).map(StoreWrite.putRegistration)
    }
    if state != .approved {
      endWaiters(with: .failure(Refusal(status: 403, message: "The worker was rejected"))) { waiter in
        entries.contains { $0.row == waiter.row }
      }
    }
    try await commit(writes)
    return .empty
  }

  func removeExecutor(_ reference: ExecutorReference, _ authority: Authority) async throws -> Reply {
    let found = try ownedRegistration(reference, "remove", authority)
    try await commit(unregister(found, at: clock.now()))
    return .empty
  }

  func getExecutor(_ reference: ExecutorReference, _ authority: Authority) throws -> Reply {
    let api = authority.api
    switch api {
    case .runtime:
      guard let found = registry.registration(executorID: reference.id) else {
        throw Refusal(status: 500, message: "runtime is nil")
      }
      _ = try authority.memberColony(found.executor.colony)
      return Reply(withLatestHearing(found).executor.json(api), api)
    case .executor:
      let colony = try authority.memberColony(reference.colony).colony
      guard let found = registry.registration(name: reference.name, colonyID: colony.id) else {
        throw Refusal(status: 404, message: "Failed to get executor, executor is nil")
      }
      return Reply(withLatestHearing(found).executor.json(api), api)
    }
  }

  func getExecutors(_ reference: ColonyReference, _ authority: Authority) throws -> Reply {
    let api = authority.api
    let colony =
      api == .runtime
      ? try authority.readableColony(reference, inAnyState: true)
      : try authority.memberColony(reference, inAnyState: true).colony
    let executors = registry.registrations(colonyID: colony.id).map { withLatestHearing($0).executor }
    // The runtime API deletes what is removed.
    let listed = api == .runtime ? executors.filter { $0.state != .unregistered } : executors
    return Reply(.nullIfEmpty(listed.map { $0.json(api) }), api)
  }

  /// Removes workers of the executor API that have not asked for work for a long time. A worker whose long
  /// poll is open is there.
  func removeSilentExecutors(at now: Timestamp) {
    guard limits.staleExecutorSeconds > 0 else { return }
    let polling = Set(waiters.values.joined().map(\.row))
    for registration in registry.all
    where registration.api == .executor && registration.executor.state == .approved
      && !polling.contains(registration.row)
    {
      guard let heard = withLatestHearing(registration).executor.lastHeardFromTime,
        now - heard > .seconds(limits.staleExecutorSeconds)
      else { continue }
      logger.info(
        "removing a worker that has not asked for work",
        metadata: ["executor": "\(registration.executor.name)", "last_heard": "\(heard.rfc3339)"])
      enqueue(unregister(registration, at: now))
    }
  }

  /// Notes that a worker asked for work. Not in the registry: the request that asks holds a copy of that, so
  /// that changing it here would copy it all.
  func hear(_ registration: Registration, at now: Timestamp) {
    heard[registration.row] = now
    // Not each time: it would double the writes of an idle worker. Half a minute is far below the time
    // after which silence counts.
    if let written = heardWritten[registration.row], now - written < .seconds(30) { return }
    heardWritten[registration.row] = now
    enqueue([.putRegistration(withLatestHearing(registration))])
  }

  private func withLatestHearing(_ registration: Registration) -> Registration {
    guard let time = heard[registration.row] else { return registration }
    var registration = registration
    registration.executor.lastHeardFromTime = time
    return registration
  }

  /// Takes a worker off the registry and puts what it holds back in the queue at once.
  private func unregister(_ registration: Registration, at now: Timestamp) -> [StoreWrite] {
    let executor = registration.executor
    heardWritten[registration.row] = nil
    let lastHeard = heard.removeValue(forKey: registration.row) ?? executor.lastHeardFromTime
    endWaiters(with: .failure(Refusal(status: 403, message: "The worker was removed"))) {
      $0.row == registration.row
    }
    var writes: [StoreWrite] = []
    switch registration.api {
    case .runtime:
      registry.remove(registration)
      writes.append(.removeRegistration(row: registration.row))
    case .executor:
      let updated = registry.update(registration.row) {
        $0.state = .unregistered
        $0.lastHeardFromTime = lastHeard
      }
      if let updated { writes.append(.putRegistration(updated)) }
      for old in registry.forgettable(colonyID: executor.colonyID, keeping: limits.unregisteredExecutors) {
        registry.remove(old)
        writes.append(.removeRegistration(row: old.row))
      }
    }
    // Another entry of the same identity may still be approved, and then the worker is not gone.
    let isGone =
      registry.registration(executorID: executor.id, colonyID: executor.colonyID)?
      .executor.state != .approved
    guard isGone else { return writes }
    let released = machine.releaseAll(heldBy: executor.id, colonyID: executor.colonyID)
    enqueue(writes + released.map(StoreWrite.requeueReleased))
    for process in released { offer(process, at: now) }
    // Entered above already, so that they come before the assignments that the offers may have made.
    return []
  }

  /// The entry that an owner's request names.
  private func ownedRegistration(
    _ reference: ExecutorReference, _ action: String, _ authority: Authority
  ) throws(Refusal) -> Registration {
    switch authority.api {
    case .runtime:
      guard let found = registry.registration(executorID: reference.id) else {
        throw Refusal(status: 500, message: "runtime is nil")
      }
      _ = try authority.ownedColony(found.executor.colony)
      return found
    case .executor:
      let colony = try authority.ownedColony(reference.colony)
      guard let found = registry.registration(name: reference.name, colonyID: colony.id) else {
        throw Refusal(status: 404, message: "Failed to \(action) executor, executor is nil")
      }
      return found
    }
  }
}

extension Executor {
  fileprivate var colony: ColonyReference { ColonyReference(id: colonyID, name: colonyName) }
}
