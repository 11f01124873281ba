internal import Colonies

/// A worker's entry in the registry.
struct Registration: Sendable, Hashable {
  /// Unique; in the order of registration.
  let row: Int64
  /// The API that it was made with. The runtime API tells workers apart by id, the executor API by name.
  let api: API
  var executor: Executor
}

/// The colonies and their workers: who is who. Pure; changes are returned for the store.
struct Registry: Sendable {
  private struct NameKey: Hashable, Sendable {
    var colonyID: String
    var name: String
  }

  private var colonies: [String: Colony] = [:]
  private var colonyIDs: [String: String] = [:]
  private var registrations: [Int64: Registration] = [:]
  private var rowsByID: [String: [Int64]] = [:]
  private var rowsByName: [NameKey: [Int64]] = [:]
  private var rowsByColony: [String: Set<Int64>] = [:]
  private var nextRow: Int64 = 1

  // MARK: Colonies

  var allColonies: [Colony] { colonies.values.sorted { $0.name < $1.name } }
  var colonyCount: Int { colonies.count }

  func colony(id: String) -> Colony? { colonies[id] }
  func colony(name: String) -> Colony? { colonyIDs[name].flatMap { colonies[$0] } }

  mutating func add(_ colony: Colony) {
    colonies[colony.id] = colony
    colonyIDs[colony.name] = colony.id
  }

  mutating func removeColony(id: String) {
    guard let colony = colonies.removeValue(forKey: id) else { return }
    colonyIDs[colony.name] = nil
    for registration in registrations(colonyID: id) { remove(registration) }
  }

  // MARK: Workers

  var registrationCount: Int { registrations.count }
  var all: some Collection<Registration> { registrations.values }

  func registrations(colonyID: String) -> [Registration] {
    (rowsByColony[colonyID] ?? []).sorted().compactMap { registrations[$0] }
  }

  /// All entries of an identity.
  func registrations(executorID: String) -> [Registration] {
    (rowsByID[executorID] ?? []).compactMap { registrations[$0] }
  }

  /// The entry that speaks for an identity: an approved one if there is one.
  func registration(executorID: String) -> Registration? {
    let entries = registrations(executorID: executorID)
    return entries.first { $0.executor.state == .approved } ?? entries.last
  }

  /// The entry that speaks for an identity in a colony.
  func registration(executorID: String, colonyID: String) -> Registration? {
    let entries = registrations(executorID: executorID).filter { $0.executor.colonyID == colonyID }
    return entries.first { $0.executor.state == .approved } ?? entries.last
  }

  /// The entry of a name. Names are unique among the entries of the executor API; those of the runtime API
  /// are found by name only when there is no other.
  func registration(name: String, colonyID: String) -> Registration? {
    let entries = (rowsByName[NameKey(colonyID: colonyID, name: name)] ?? []).compactMap { registrations[$0] }
    return entries.first { $0.api == .executor } ?? entries.last
  }

  /// Makes an entry for a new worker.
  mutating func register(_ executor: Executor, api: API) -> Registration {
    let registration = Registration(row: nextRow, api: api, executor: executor)
    add(registration)
    return registration
  }

  /// Adds an entry: a new one, or one that the store remembers.
  mutating func add(_ registration: Registration) {
    registrations[registration.row] = registration
    rowsByID[registration.executor.id, default: []].append(registration.row)
    rowsByName[key(registration), default: []].append(registration.row)
    rowsByColony[registration.executor.colonyID, default: []].insert(registration.row)
    nextRow = max(nextRow, registration.row + 1)
  }

  /// Changes an entry in place; its identity and name stay.
  mutating func update(_ row: Int64, _ change: (inout Executor) -> Void) -> Registration? {
    guard var registration = registrations[row] else { return nil }
    change(&registration.executor)
    registrations[row] = registration
    return registration
  }

  mutating func remove(_ registration: Registration) {
    registrations[registration.row] = nil
    rowsByID.remove(registration.row, from: registration.executor.id)
    rowsByName.remove(registration.row, from: key(registration))
    rowsByColony[registration.executor.colonyID]?.remove(registration.row)
    if rowsByColony[registration.executor.colonyID]?.isEmpty == true {
      rowsByColony[registration.executor.colonyID] = nil
    }
  }

  /// The oldest removed workers of a colony beyond those that are kept for the list.
  func forgettable(colonyID: String, keeping kept: Int) -> [Registration] {
    let removed = registrations(colonyID: colonyID).filter { $0.executor.state == .unregistered }
    return Array(removed.dropLast(kept))
  }

  private func key(_ registration: Registration) -> NameKey {
    NameKey(colonyID: registration.executor.colonyID, name: registration.executor.name)
  }
}

extension Dictionary where Value == [Int64] {
  fileprivate mutating func remove(_ row: Int64, from key: Key) {
    self[key]?.removeAll { $0 == row }
    if self[key]?.isEmpty == true { self[key] = nil }
  }
}
