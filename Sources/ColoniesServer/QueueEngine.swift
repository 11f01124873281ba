internal import Colonies
internal import JSON
internal import Logging

/// The server's one state: the queue and the registry in memory, each change on disk before it is answered.
///
/// A request changes the state in memory at once and enters its writes into the pending batch. While one
/// batch is being committed, the next collects, so that concurrent requests share a commit. What a reply
/// says is read inside the same transaction, after its own writes.
actor QueueEngine {
  let serverID: String
  let limits: ServerLimits
  let clock: ServerClock
  let allowsReregistration: Bool
  let logger: Logger
  private let store: QueueStore

  var machine = QueueMachine()
  var registry = Registry()
  var waiters: [String: [Waiter]] = [:]
  /// When the next long poll is over; may be early, never late, so that nothing searches for it.
  var nextWaiterDeadline: Timestamp?
  /// When each worker last asked for work, since the start.
  var heard: [Int64: Timestamp] = [:]
  /// When that was last written down.
  var heardWritten: [Int64: Timestamp] = [:]
  private var nextSequence: Int64 = 1
  private var nextWaiterID: UInt64 = 0
  private let commits: CommitQueue
  private var health = Health.starting
  /// Assignments that did not arrive while the state was being rebuilt.
  private var undelivered: [Reply.Grant] = []
  private var timer: (fires: Timestamp, task: Task<Void, Never>)?
  private var nextSweep: Timestamp
  private(set) var isDraining = false

  private enum Health {
    case starting
    case serving
    /// A commit failed; memory is being rebuilt from the disk.
    case recovering
    case stopped
  }

  init(
    store: QueueStore, serverID: String, limits: ServerLimits, allowsReregistration: Bool = false,
    clock: ServerClock = .system, logger: Logger
  ) {
    self.store = store
    commits = CommitQueue(store: store)
    self.serverID = serverID
    self.limits = limits
    self.allowsReregistration = allowsReregistration
    self.clock = clock
    self.logger = logger
    nextSweep = clock.now() + Self.sweepInterval
  }

  // MARK: Life

  /// Rebuilds the state from the disk. Until then every request is refused.
  func start() async throws {
    try await load()
    health = .serving
    tick()
  }

  /// Ends the long polls and takes no new ones; everything else is still answered.
  func drain() {
    isDraining = true
    endWaiters(with: .success(nil)) { _ in true }
  }

  /// Refuses further requests, waits for the last commit and closes the database.
  func stop() async {
    drain()
    health = .stopped
    timer?.task.cancel()
    timer = nil
    // Whatever is pending is committed behind this empty write.
    try? await commit([])
    do {
      try store.close()
    } catch {
      logger.error("the database could not be closed in order", metadata: ["error": "\(error)"])
    }
  }

  /// Whether requests are answered.
  var isServing: Bool { health == .serving }

  private func load() async throws {
    let loaded = try await store.read { transaction in
      var machine = QueueMachine()
      var registry = Registry()
      for colony in try transaction.colonies() { registry.add(colony) }
      for var registration in try transaction.registrations() {
        registration.executor.colonyName =
          registry.colony(id: registration.executor.colonyID)?.name ?? ""
        registry.add(registration)
      }
      try transaction.forEachLive { machine.add($0) }
      for (colonyID, state, count) in try transaction.endedCounts() {
        machine.setEnded(state, count: count, colonyID: colonyID)
      }
      return (machine, registry, try transaction.lastSequence() + 1)
    }
    (machine, registry, nextSequence) = loaded
  }

  // MARK: Requests

  /// Does what an identified caller asks.
  func handle(_ request: Request, api: API, callerID: String) async throws(Refusal) -> Reply {
    guard health == .serving else {
      throw Refusal(status: 503, message: "The server is not ready; try again")
    }
    do {
      return try await perform(
        request, Authority(serverID: serverID, registry: registry, api: api, callerID: callerID))
    } catch {
      throw refusal(for: error)
    }
  }

  /// The text of a reply, made while what it says is on its way to the disk.
  /// - Returns: When it may be sent.
  nonisolated func finish(_ reply: Reply) async throws(Refusal) -> [UInt8] {
    do {
      let text = try reply.value().encoded(reply.layout)
      try await reply.stored?.value
      return text
    } catch {
      throw refusal(for: error)
    }
  }

  private nonisolated func refusal(for error: any Error) -> Refusal {
    if let refusal = error as? Refusal { return refusal }
    if error is CancellationError { return Refusal(status: 499, message: "The client went away") }
    // The database's words are for the operator only.
    logger.error("a request failed", metadata: ["error": "\(error)"])
    return Refusal(status: 500, message: "The server could not store or read the change")
  }

  /// What is known of an identity: whether it is a server's, a colony's or a worker's, and the API with which
  /// it registered, in which it is spoken to where a message does not tell.
  func caller(_ id: String) -> (isKnown: Bool, api: API?) {
    if let registration = registry.registration(executorID: id) { return (true, registration.api) }
    return (id == serverID || registry.colony(id: id) != nil, nil)
  }

  private func perform(_ request: Request, _ authority: Authority) async throws -> Reply {
    switch request {
    case .version:
      return Reply(
        ["buildversion": .string(ServerVersion.current), "buildtime": "", "msgtype": "versionmsg"], .compact)
    case .addColony(let colony): return try await addColony(colony, authority)
    case .removeColony(let reference): return try await removeColony(reference, authority)
    case .getColonies:
      try authority.requireServerOwner()
      return Reply(.nullIfEmpty(registry.allColonies.map(\.json)), authority.api)
    case .getColony(let reference):
      return Reply(try authority.memberColony(reference).colony.json, authority.api)
    case .getColonyStatistics(let reference): return try colonyStatistics(reference, authority)
    case .getStatistics: return try serverStatistics(authority)
    case .addExecutor(let executor): return try await addExecutor(executor, authority)
    case .approveExecutor(let reference):
      return try await setState(.approved, reference, "approve", authority)
    case .rejectExecutor(let reference):
      return try await setState(.rejected, reference, "reject", authority)
    case .removeExecutor(let reference): return try await removeExecutor(reference, authority)
    case .getExecutor(let reference): return try getExecutor(reference, authority)
    case .getExecutors(let reference): return try getExecutors(reference, authority)
    case .submit(let spec): return try await submit(spec, authority)
    case .assign(let request): return try await assign(request, authority)
    case .getProcess(let id): return try await getProcess(id, authority)
    case .getProcesses(let query): return try await getProcesses(query, authority)
    case .getProcessHistory(let query): return try await getHistory(query, authority)
    case .closeSuccessful(let id, let output):
      return try await close(id, as: .successful, output: output, errors: [], authority)
    case .closeFailed(let id, let errors):
      return try await close(id, as: .failed, output: nil, errors: errors, authority)
    case .cancelProcess(let id): return try await cancel(id, authority)
    case .removeProcess(let id): return try await removeProcess(id, authority)
    case .removeAllProcesses(let reference, let state):
      return try await removeAll(reference, state, authority)
    case .addAttribute(let attribute): return try await addAttribute(attribute, authority)
    case .getAttribute(let id): return try await getAttribute(id, authority)
    case .addLog(let id, let message): return try await addLog(message, toProcess: id, authority)
    case .getLogs(let query): return try await getLogs(query, authority)
    }
  }

  // MARK: Writing

  /// Commits writes and what reads depend on them, together with whatever else is pending.
  /// - Parameter body: Runs inside the transaction, after the writes. If it throws a `Refusal`, only this
  ///   request is refused, so it must do that before it writes anything itself.
  func commit<Value: Sendable>(
    _ writes: [StoreWrite], _ body: @escaping @Sendable (StoreTransaction) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      enqueue(writes, body) { continuation.resume(with: $0) }
    }
  }

  /// Commits writes.
  func commit(_ writes: [StoreWrite]) async throws {
    try await commit(writes) { _ in }
  }

  /// Enters writes into the pending batch, for the caller to wait for elsewhere.
  func enter(_ writes: [StoreWrite]) -> Stored<Void> {
    let stored = Stored<Void>()
    enqueue(writes, { _ in }, finish: stored.complete)
    return stored
  }

  /// Enters writes that nobody waits for into the pending batch.
  func enqueue(_ writes: [StoreWrite]) {
    if writes.isEmpty { return }
    enqueue(writes, { _ in }, finish: { _ in })
  }

  func enqueue<Value: Sendable>(
    _ writes: [StoreWrite], _ body: @escaping @Sendable (StoreTransaction) throws -> Value,
    finish: @escaping @Sendable (Result<Value, any Error>) -> Void
  ) {
    let write = PendingWrite(
      perform: { transaction in
        do {
          try transaction.apply(writes)
          let value = try body(transaction)
          return { finish(.success(value)) }
        } catch let refusal as Refusal {
          return { finish(.failure(refusal)) }
        }
      },
      fail: { finish(.failure($0)) })
    if commits.add(write) { commitPending() }
  }

  private func commitPending() {
    commits.commit { batch, error in Task { await self.recover(batch, from: error) } }
  }

  /// Reads what has been committed.
  func read<Value: Sendable>(_ body: @escaping @Sendable (StoreTransaction) throws -> Value) async throws
    -> Value
  {
    try await store.read(body)
  }

  /// Fails what could not be stored, and everything that was built on it, and goes back to what is on disk.
  private func recover(_ batch: [PendingWrite], from error: any Error) async {
    logger.critical(
      "a commit failed; going back to what is on disk", metadata: ["error": "\(error)"])
    let wasStopped = health == .stopped
    if !wasStopped { health = .recovering }
    for write in batch + commits.takePending() { write.fail(error) }
    while health == .recovering {
      do {
        try await load()
        health = .serving
      } catch {
        logger.critical("the database cannot be read; trying again", metadata: ["error": "\(error)"])
        try? await clock.sleep(.seconds(1))
      }
    }
    commitPending()
    guard health == .serving else { return }
    for grant in undelivered { release(grant) }
    undelivered = []
    // Nothing was offered to the open long polls meanwhile; their workers ask again.
    endWaiters(with: .success(nil)) { _ in true }
    // Nor has the timer been set again.
    tick()
  }

  /// Puts a process back whose worker could not be told that it has it.
  func release(_ grant: Reply.Grant) {
    // What memory knows is about to be replaced by what is on disk.
    guard health != .recovering else { return undelivered.append(grant) }
    guard let process = machine.release(id: grant.processID, attempt: grant.attempt) else { return }
    enqueue([.requeueReleased(process)])
    offer(process, at: clock.now())
  }

  func takeSequence() -> Int64 {
    defer { nextSequence += 1 }
    return nextSequence
  }

  func takeWaiterID() -> UInt64 {
    defer { nextWaiterID += 1 }
    return nextWaiterID
  }

  // MARK: Time

  /// Applies what is due: expired leases and waits, long polls that are over, silent workers.
  func tick() {
    guard health == .serving else { return }
    let now = clock.now()
    for expiry in machine.expire(at: now) {
      switch expiry {
      case .requeued(let process):
        enqueue([.requeueExpired(process, at: now)])
        offer(process, at: now)
      case .failed(let process, let reason):
        enqueue([
          .end(EndedWrite(sequence: process.sequence, state: .failed, time: now, errors: [reason]))
        ])
      }
    }
    endOverdueWaiters(at: now)
    if nextSweep <= now {
      nextSweep = now + Self.sweepInterval
      removeSilentExecutors(at: now)
      trimEnded()
    }
    schedule(at: nextSweep)
  }

  /// Makes sure that `tick` runs by a time.
  func schedule(at wanted: Timestamp?) {
    guard health == .serving else { return }
    let due = [wanted, machine.nextDeadline, nextSweep, nextWaiterDeadline]
    guard let next = due.compactMap({ $0 }).min() else { return }
    if let timer, timer.fires <= next { return }
    timer?.task.cancel()
    let delay = max(.milliseconds(1), next - clock.now())
    let sleep = clock.sleep
    let task = Task {
      do { try await sleep(delay) } catch { return }
      self.timerFired()
    }
    timer = (next, task)
  }

  private func timerFired() {
    timer = nil
    tick()
  }

  private func trimEnded() {
    let ended = machine.totalCounts
    let excess =
      [ProcessState.successful, .failed, .cancelled].map { ended[$0] }.reduce(0, +)
      - limits.endedProcesses
    guard excess > 0 else { return }
    // In steps, so that no transaction is long.
    let count = min(excess, 1000)
    enqueue([], { try $0.removeOldestEnded(count: count) }) { result in
      guard case .success(let removed) = result else { return }
      Task { await self.forget(removed) }
    }
  }

  private func forget(_ removed: [(colonyID: String, state: ProcessState)]) {
    for (colonyID, state) in removed { machine.forgetEnded(state, count: 1, colonyID: colonyID) }
    trimEnded()
  }

  private static let sweepInterval = Duration.seconds(60)
}
