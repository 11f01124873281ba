internal import Colonies
internal import ColoniesClient

/// Reads a queue from a Colonies server, and gives orders to its workers.
actor ColoniesQueueReader: WorkerQueue {
  private let address: QueueAddress
  private let metrics: ControllerMetrics
  private let makeClient: @Sendable (ServerConfiguration) throws -> ColoniesClient
  private var client: ColoniesClient?
  /// The drain orders that may be in the queue and are not work.
  private var orders: Set<String> = []
  /// How many orders were begun to be given.
  private var ordersGiven = 0
  /// How many of them are on their way, so that their ids are not known.
  private var ordersBeingGiven = 0
  /// The executor types whose orders have been looked for.
  private var searched: Set<String> = []

  /// How often the server is asked to count for one reading while orders come and go.
  private static let countAttempts = 4
  /// The most processes that servers list.
  static let listLimit = 100
  /// Servers of the runtime API take seconds to list the first of more than this many that wait.
  private static let longestRuntimeQueue = 1_000
  /// Seconds within which whatever runs was submitted: ten years.
  private static let longAgo = 315_360_000

  init(
    _ address: QueueAddress, metrics: ControllerMetrics,
    makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) {
    self.address = address
    self.metrics = metrics
    self.makeClient = makeClient
  }

  // MARK: QueueReader

  func counts(orderedTypes types: Set<String>) async throws -> QueueCounts {
    for _ in 1..<Self.countAttempts {
      let (counts, isCertain) = try await count(types)
      if isCertain { return counts }
    }
    // Where orders come and go all the time, demand may seem higher than it is, never lower.
    return try await count(types).counts
  }

  /// Counts once.
  /// - Returns: Whether no order came or went meanwhile, of which nobody can tell whether the server counted it.
  private func count(_ types: Set<String>) async throws -> (counts: QueueCounts, isCertain: Bool) {
    let (given, isGiving) = (ordersGiven, ordersBeingGiven > 0)
    var before = orders
    let statistics = try await ask { try await $0.statistics(of: self.address.colony, key: $1) }
    let isUnchanged = !isGiving && given == ordersGiven
    if try await findOrders(types, statistics) { before = orders }
    var counts = QueueCounts(
      waiting: statistics.waiting, running: statistics.running,
      finished: statistics.successful + statistics.failed + statistics.cancelled)
    // Those that are there still were certainly counted.
    let standings = try await standings(of: before)
    for standing in standings {
      switch standing {
      case .waiting: counts.waiting -= 1
      case .held: counts.running -= 1
      case .ended: break
      }
    }
    // An order that was taken in between is subtracted where it was not counted. The sum is right.
    if counts.waiting < 0 || counts.running < 0 {
      let sum = max(counts.waiting + counts.running, 0)
      counts.waiting = min(max(counts.waiting, 0), sum)
      counts.running = sum - counts.waiting
    }
    return (counts, isUnchanged && !standings.contains(.ended))
  }

  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
    let all = try await list(state, executorType)
    let own = all.filter { $0.spec.conditions.executorType == executorType }
    let work = own.filter { !DrainOrder.isDrain($0) }
    var listing = ProcessListing(
      count: work.count, executors: Set(work.map(\.assignedExecutorID)),
      isComplete: all.count < Self.listLimit)
    for order in own where DrainOrder.isDrain(order) {
      let standing = OrderStanding(order)
      let addressees = order.spec.conditions.executorIDs + (order.spec.conditions.executorNames ?? [])
      guard standing != .ended, let addressee = addressees.first else { continue }
      // Also orders that somebody else gave, such as a controller that is gone.
      orders.insert(order.id)
      listing.orders.append(
        ListedOrder(
          id: order.id, addressee: addressee, standing: standing,
          end: standing == .waiting ? order.waitDeadline : order.executionDeadline))
    }
    for process in work {
      if state.isTerminal, let end = process.endTime {
        listing.lastEnds.merge([process.assignedExecutorID: end], uniquingKeysWith: max)
      } else if state == .running, let start = process.startTime {
        listing.starts.merge([process.assignedExecutorID: start], uniquingKeysWith: min)
      }
    }
    let leases = work.map(\.spec.lease)
    listing.longestLease = leases.contains(nil) ? nil : leases.compactMap(\.self).max() ?? 0
    return listing
  }

  func serviceTimes(executorType: String) async throws -> [Duration] {
    try await list(.successful, executorType).compactMap { process in
      guard process.spec.conditions.executorType == executorType, !DrainOrder.isDrain(process),
        let start = process.startTime, let end = process.endTime, start <= end
      else { return nil }
      return end - start
    }
  }

  /// Lists the first processes in a state. Servers of the runtime API do not look at the type.
  private func list(_ state: ProcessState, _ executorType: String) async throws -> [Process] {
    let query = ProcessQuery(
      colony: address.colony, state: state, count: Self.listLimit, executorType: executorType)
    return try await ask { try await $0.processes(query, key: $1) }
  }

  /// Looks once for the orders of a controller that is gone.
  /// - Returns: Whether it looked.
  private func findOrders(_ types: Set<String>, _ statistics: Statistics) async throws -> Bool {
    let types = types.subtracting(searched)
    guard !types.isEmpty else { return false }
    let isLong = statistics.waiting > Self.longestRuntimeQueue
    let skipsWaiting = try await ask { client, _ in try await client.resolvedAPI() == .runtime && isLong }
    for type in types where statistics.waiting + statistics.running > 0 {
      do {
        _ = try await processes(.running, executorType: type)
        if !skipsWaiting { _ = try await processes(.waiting, executorType: type) }
      } catch let error as ColoniesError where error.code == .denied {
        // Whoever may not list processes may give no orders either.
      }
    }
    searched.formUnion(types)
    return true
  }

  // MARK: WorkerQueue

  func workers(executorType: String) async throws -> [Executor] {
    try await ask { try await $0.executors(of: self.address.colony, key: $1) }
      .filter { $0.type == executorType }
  }

  func holdsWork(_ worker: Executor) async throws -> Bool {
    let query = HistoryQuery(
      colony: address.colony, executorID: worker.id, seconds: Self.longAgo, state: .running)
    let held = try await ask { try await $0.history(query, key: $1) }
    return held.contains { !DrainOrder.isDrain($0) }
  }

  func reachesUnregistered() async throws -> Bool {
    try await ask { client, _ in try await client.resolvedAPI() == .executor }
  }

  func openOrders() -> Set<String> { orders }

  func order(_ worker: WorkerAddress) async throws -> String {
    ordersGiven += 1
    ordersBeingGiven += 1
    defer { ordersBeingGiven -= 1 }
    let process = try await ask { client, key in
      let reference = ExecutorReference(id: worker.id, name: worker.name, colony: self.address.colony)
      let spec = DrainOrder.make(
        for: reference, executorType: worker.executorType, api: try await client.resolvedAPI())
      return try await client.submit(spec, key: key)
    }
    orders.insert(process.id)
    return process.id
  }

  func standing(ofOrder id: String) async throws -> OrderStanding {
    do {
      let standing = OrderStanding(try await ask { try await $0.process(id: id, key: $1) })
      if standing == .ended { orders.remove(id) }
      return standing
    } catch let error as ColoniesError where error.code == .notFound {
      orders.remove(id)
      return .ended
    }
  }

  func withdraw(order id: String) async throws {
    do {
      try await ask { client, key in
        switch try await client.resolvedAPI() {
        case .executor: try await client.cancelProcess(id: id, key: key)
        // It knows no cancelled processes.
        case .runtime: try await client.removeProcess(id: id, key: key)
        }
      }
    } catch let error as ColoniesError {
      // Refused because there is nothing to take back, or for a reason that still stands.
      guard try await standing(ofOrder: id) == .ended else { throw error }
    }
    orders.remove(id)
  }

  func reject(_ worker: Executor, owner: KeySource) async throws {
    try await ask(owner) { try await $0.rejectExecutor(self.reference(worker), key: $1) }
  }

  func approve(_ worker: Executor, owner: KeySource) async throws {
    try await ask(owner) { try await $0.approveExecutor(self.reference(worker), key: $1) }
  }

  func unregister(_ worker: Executor, owner: KeySource) async throws {
    try await ask(owner) { try await $0.removeExecutor(self.reference(worker), key: $1) }
  }

  private func reference(_ worker: Executor) -> ExecutorReference {
    ExecutorReference(id: worker.id, name: worker.name, colony: address.colony)
  }

  private nonisolated func standings(of orders: Set<String>) async throws -> [OrderStanding] {
    try await withThrowingTaskGroup(of: OrderStanding.self) { group in
      for order in orders { group.addTask { try await self.standing(ofOrder: order) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  // MARK: Asking

  /// Makes a request with a key that is read for it, and counts it by its outcome.
  private func ask<Value: Sendable>(
    _ key: KeySource? = nil, _ request: (ColoniesClient, PrivateKey) async throws -> Value
  ) async throws -> Value {
    do {
      let value = try await request(connect(), (key ?? address.credentials).load())
      metrics.queueRequest(server: address.server.name, outcome: "success")
      return value
    } catch {
      let outcome = (error as? ColoniesError)?.code.rawValue ?? "noClient"
      metrics.queueRequest(server: address.server.name, outcome: outcome)
      throw error
    }
  }

  /// The client; made at first use, and again when that failed, as a file it needs may come later.
  private func connect() throws -> ColoniesClient {
    if let client { return client }
    let made = try makeClient(address.server)
    client = made
    return made
  }
}
