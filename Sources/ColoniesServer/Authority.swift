internal import Colonies

/// Who may do what, with the words in which each API denies it.
///
/// Roles: the server's owner, a colony's owner (whose identity is the colony's id), and the colony's workers.
struct Authority: Sendable {
  let serverID: String
  let registry: Registry
  let api: API
  /// The identity that signed the request.
  let callerID: String

  // MARK: Roles

  /// - Throws: `Refusal` unless the caller owns the server.
  func requireServerOwner() throws(Refusal) {
    guard callerID == serverID else {
      throw denied(runtime: "RecoveredID does not match Server Id", executor: "not server owner")
    }
  }

  /// The colony, if the caller owns it.
  func ownedColony(_ reference: ColonyReference) throws(Refusal) -> Colony {
    if api == .executor, reference.name.isEmpty { throw Refusal(status: 403, message: "Empty Colony name") }
    if api == .runtime, reference.id != callerID {
      throw Refusal(status: 403, message: "RecoveredID does not match Colony Id")
    }
    guard let colony = find(reference) else { throw unknownColony(reference) }
    guard colony.id == callerID else {
      throw denied(runtime: "RecoveredID does not match Colony Id", executor: "not colony owner")
    }
    return colony
  }

  /// The colony and the caller's entry in it, if the caller is one of its approved workers.
  func memberColony(_ reference: ColonyReference, inAnyState: Bool = false) throws(Refusal) -> (
    colony: Colony, member: Registration
  ) {
    guard let colony = find(reference) else { throw unknownColony(reference) }
    guard let member = registry.registration(executorID: callerID, colonyID: colony.id) else {
      let isElsewhere = registry.registration(executorID: callerID) != nil
      throw notMember(
        colony,
        isElsewhere
          ? ", (Recovered Id and Colony Id missmatches)" : " (Runtime does not exist)")
    }
    guard inAnyState || member.executor.state == .approved else {
      throw denied(
        runtime: "Runtime with Id <\(callerID)> is not approved",
        executor: "not a member of Colony with name <\(colony.name)>")
    }
    return (colony, member)
  }

  /// The colony, if the caller is one of its workers or owns it. The runtime API answers everybody else in
  /// its words for owners, the executor API in its words for members.
  func readableColony(_ reference: ColonyReference, inAnyState: Bool = false) throws(Refusal) -> Colony {
    if let colony = find(reference), colony.id == callerID { return colony }
    switch api {
    case .runtime:
      if let member = try? memberColony(reference, inAnyState: inAnyState) { return member.colony }
      throw Refusal(status: 403, message: "RecoveredID does not match Colony Id")
    case .executor:
      return try memberColony(reference, inAnyState: inAnyState).colony
    }
  }

  // MARK: Words

  private func find(_ reference: ColonyReference) -> Colony? {
    switch api {
    case .runtime: registry.colony(id: reference.id)
    case .executor: registry.colony(name: reference.name)
    }
  }

  private func unknownColony(_ reference: ColonyReference) -> Refusal {
    Refusal(
      status: 403,
      message: api == .runtime
        ? "Colony <\(reference.id)> does not exists" : "Colony with name <\(reference.name)> does not exists")
  }

  private func notMember(_ colony: Colony, _ detail: String) -> Refusal {
    denied(
      runtime: "Runtime with Id <\(callerID)> is not a member of Colony with Id <\(colony.id)>\(detail)",
      executor: "not a member of Colony with name <\(colony.name)>")
  }

  private func denied(runtime: String, executor: String) -> Refusal {
    Refusal(status: 403, message: api == .runtime ? runtime : "Access denied, \(executor)")
  }
}
