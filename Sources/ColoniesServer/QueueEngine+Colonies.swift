internal import Colonies
internal import JSON

extension QueueEngine {
  func addColony(_ colony: Colony, _ authority: Authority) async throws -> Reply {
    let api = authority.api
    try authority.requireServerOwner()
    guard colony.id.utf8.count == 64 else {
      throw Refusal(
        status: 400,
        message: api == .runtime
          ? "invalid colony id length" : "Failed to add colony, invalid colony Id length")
    }
    guard !colony.name.isEmpty, colony.name.utf8.count <= 255 else {
      throw Refusal(status: 400, message: "A colony needs a name of 1 to 255 bytes")
    }
    if registry.colony(id: colony.id) != nil {
      throw Refusal(status: 400, message: "A Colony with Id <\(colony.id)> already exists")
    }
    if registry.colony(name: colony.name) != nil {
      throw Refusal(status: 400, message: "A Colony with name <\(colony.name)> already exists")
    }
    guard registry.colonyCount < limits.colonies else { throw full("colonies", limits.colonies) }
    registry.add(colony)
    try await commit([.addColony(colony)])
    return Reply(colony.json, api)
  }

  func removeColony(_ reference: ColonyReference, _ authority: Authority) async throws -> Reply {
    try authority.requireServerOwner()
    let found =
      authority.api == .runtime ? registry.colony(id: reference.id) : registry.colony(name: reference.name)
    guard let colony = found else {
      if authority.api == .runtime { return .empty }
      throw Refusal(status: 400, message: "Colony with name <\(reference.name)> not found")
    }
    registry.removeColony(id: colony.id)
    machine.removeAll(colonyID: colony.id, state: nil)
    let gone = Refusal(status: 403, message: "Colony with name <\(colony.name)> does not exists")
    endWaiters(with: .failure(gone)) { $0.offer.colonyID == colony.id }
    try await commit([.removeColony(id: colony.id)])
    return .empty
  }

  func colonyStatistics(_ reference: ColonyReference, _ authority: Authority) throws -> Reply {
    if authority.api == .executor, registry.colony(name: reference.name) == nil {
      throw Refusal(status: 400, message: "Colony with name <\(reference.name)> not found")
    }
    let colony = try authority.readableColony(reference)
    var statistics = Statistics(machine.counts(colonyID: colony.id))
    let registrations = registry.registrations(colonyID: colony.id)
    statistics.colonies = 1
    statistics.executors = registrations.count
    statistics.activeExecutors = registrations.count { $0.executor.state == .approved }
    statistics.unregisteredExecutors = registrations.count { $0.executor.state == .unregistered }
    return Reply(statistics.json(authority.api), authority.api)
  }

  func serverStatistics(_ authority: Authority) throws -> Reply {
    try authority.requireServerOwner()
    var statistics = Statistics(machine.totalCounts)
    statistics.colonies = registry.colonyCount
    statistics.executors = registry.registrationCount
    return Reply(statistics.json(authority.api), authority.api)
  }

  /// The refusal of something that would exceed a limit.
  func full(_ what: String, _ limit: Int) -> Refusal {
    Refusal(status: 503, message: "The server holds its limit of \(limit) \(what)")
  }
}

extension Statistics {
  fileprivate init(_ counts: QueueMachine.StateCounts) {
    self.init(
      waiting: counts[.waiting], running: counts[.running], successful: counts[.successful],
      failed: counts[.failed], cancelled: counts[.cancelled])
  }
}
