internal import Colonies
internal import JSON

extension QueueEngine {
  // MARK: Submitting and taking

  func submit(_ spec: ProcessSpec, _ authority: Authority) async throws -> Reply {
    let (colony, member) = try authority.memberColony(spec.conditions.colony)
    guard (-50_000...50_000).contains(spec.priority) else {
      throw Refusal(
        status: 400,
        message: "Failed to submit function spec, priority outside range [-50000, 50000]")
    }
    guard machine.liveCount < limits.liveProcesses else {
      throw full("waiting and running processes", limits.liveProcesses)
    }
    let now = clock.now()
    let sequence = takeSequence()
    let process = try Process(
      submitting: spec, sequence: sequence, to: colony, by: member, at: now, api: authority.api)
    let live = try LiveProcess(
      submitting: process, sequence: sequence, colonyID: colony.id, api: authority.api)
    machine.add(live)
    let api = authority.api
    let spec = process.spec.json(api)
    let record = ProcessRecord(live: live, api: api, process: process, spec: spec.text())
    // The reply shows the process as it was submitted, even if a waiting worker takes it meanwhile.
    var reply = Reply(api) { process.json(api, spec: spec) }
    reply.stored = enter([.addProcess(record)])
    offer(live, at: now)
    schedule(at: live.waitDeadline)
    return reply
  }

  func assign(_ request: AssignRequest, _ authority: Authority) async throws -> Reply {
    let (colony, member) = try authority.memberColony(request.colony)
    let offer = try WorkerOffer(member.executor, colonyID: colony.id, request, authority.api)
    if authority.api == .executor, request.timeout == 0 {
      throw Refusal(status: 400, message: "Invalid timeout value, timeout cannot be zero")
    }
    let now = clock.now()
    hear(member, at: now)
    guard let process = try await next(for: offer, member, timeout: request.timeout, now: now) else {
      throw Refusal.queueEmpty(authority.api)
    }
    let grant = Reply.Grant(processID: process.live.id, attempt: process.live.attempt)
    // The worker may have gone away while its assignment was being written.
    if Task.isCancelled {
      release(grant)
      throw CancellationError()
    }
    var reply = reply(process, authority.api)
    reply.granted = grant
    return reply
  }

  private func next(
    for offer: WorkerOffer, _ member: Registration, timeout: Int, now: Timestamp
  ) async throws -> StoredProcess? {
    if let assigned = machine.assign(to: offer, at: now) {
      return try await withCheckedThrowingContinuation { continuation in
        grant(assigned) { continuation.resume(with: $0) }
      }
    }
    guard timeout > 0, !isDraining else { return nil }
    return try await wait(
      offer, row: member.row, until: now + .seconds(min(timeout, limits.longPollSeconds)))
  }

  // MARK: Looking

  func getProcess(_ id: String, _ authority: Authority) async throws -> Reply {
    guard let process = try await read({ try $0.process(id: id) }) else {
      throw unknownProcess("get process", authority.api, "process not found")
    }
    _ = try authority.memberColony(reference(process.live.colonyID))
    return reply(process, authority.api)
  }

  func getProcesses(_ query: ProcessQuery, _ authority: Authority) async throws -> Reply {
    let api = authority.api
    let colony =
      api == .runtime
      ? try authority.readableColony(query.colony) : try authority.memberColony(query.colony).colony
    guard query.count <= 100 else {
      throw Refusal(status: 400, message: "Count is larger than MaxCount limit <100>")
    }
    guard query.count >= 0 else { throw Refusal(status: 400, message: "Count must not be negative") }
    guard (0...(api == .runtime ? 3 : 4)).contains(query.state) else {
      throw Refusal(
        status: 400,
        message: api == .runtime ? "invalid msg.State" : "Failed to get processes, invalid msg.State")
    }
    let longest = limits.listedValueBytes
    let processes = try await read {
      try $0.processes(colonyID: colony.id, query, api: api, longestValue: longest)
    }
    return list(processes, in: colony, api)
  }

  func getHistory(_ query: HistoryQuery, _ authority: Authority) async throws -> Reply {
    let api = authority.api
    let colony =
      api == .runtime
      ? try authority.readableColony(query.colony) : try authority.memberColony(query.colony).colony
    guard let state = ProcessState(rawValue: query.state) else { return list([], in: colony, api) }
    let since = clock.now() + .seconds(-max(0, query.seconds))
    let limits = limits
    let processes = try await read {
      try $0.history(
        colonyID: colony.id, executorID: query.executorID, since: since, state: state, api: api,
        limit: limits.historyReply, longestValue: limits.listedValueBytes)
    }
    return list(processes, in: colony, api)
  }

  private func list(_ processes: [StoredProcess], in colony: Colony, _ api: API) -> Reply {
    let reference = ColonyReference(id: colony.id, name: colony.name)
    return Reply(api) { .nullIfEmpty(try processes.map { try $0.json(api, colony: reference) }) }
  }

  private func reply(_ process: StoredProcess, _ api: API) -> Reply {
    let colony = reference(process.live.colonyID)
    return Reply(api) { try process.json(api, colony: colony) }
  }

  // MARK: Ending

  func close(
    _ id: String, as state: ProcessState, output: [JSONValue]?, errors: [String], _ authority: Authority
  ) async throws -> Reply {
    let words = CloseWords(state, authority.api)
    guard let process = machine.process(id: id) else {
      return try await closeAgain(id, words, authority)
    }
    _ = try authority.memberColony(reference(process.colonyID))
    do {
      _ = try machine.close(id: id, by: authority.callerID, as: state)
    } catch .notAssigned {
      throw words.notAssigned
    } catch {
      throw words.heldByAnother
    }
    var reply = Reply.empty
    reply.stored = enter([
      .end(
        EndedWrite(
          sequence: process.sequence, state: state, time: clock.now(), output: output, errors: errors))
    ])
    return reply
  }

  /// Answers the close of a process that has ended. Nothing changes: what was answered once stands. The
  /// repetition of a close whose reply was lost succeeds.
  private func closeAgain(_ id: String, _ words: CloseWords, _ authority: Authority) async throws -> Reply {
    // Behind all pending writes, where it sees what they will have done.
    guard let ended = try await commit([], { try $0.ended(id: id) }) else {
      throw unknownProcess(MessageType.action(closing: words.state), authority.api, "process is nil")
    }
    let authority = current(authority)
    _ = try authority.memberColony(reference(ended.colonyID))
    guard ended.executorID == authority.callerID else { throw words.heldByAnother }
    if let refusal = words.afterEnd(ended.state) { throw refusal }
    return .empty
  }

  func cancel(_ id: String, _ authority: Authority) async throws -> Reply {
    guard let process = machine.process(id: id) else {
      guard let ended = try await commit([], { try $0.ended(id: id) }) else {
        throw unknownProcess("cancel process", authority.api, "process is nil")
      }
      _ = try current(authority).memberColony(reference(ended.colonyID))
      let what =
        switch ended.state {
        case .successful: "successful"
        case .failed: "failed"
        default: "already cancelled"
        }
      throw Refusal(status: 400, message: "Tried to cancel \(what) process")
    }
    _ = try authority.memberColony(reference(process.colonyID))
    _ = machine.end(id: id, as: .cancelled)
    try await commit([
      .end(EndedWrite(sequence: process.sequence, state: .cancelled, time: clock.now(), errors: []))
    ])
    return .empty
  }

  func removeProcess(_ id: String, _ authority: Authority) async throws -> Reply {
    if let process = machine.process(id: id) {
      _ = try authority.memberColony(reference(process.colonyID))
      if authority.api == .executor, process.assignment != nil {
        throw Refusal(status: 400, message: "Failed to remove process, cannot remove a running process")
      }
      _ = machine.remove(id: id)
      try await commit([.removeProcess(sequence: process.sequence)])
      return .empty
    }
    guard let ended = try await commit([], { try $0.ended(id: id) }) else {
      throw unknownProcess("remove process", authority.api, "process is nil")
    }
    _ = try current(authority).memberColony(reference(ended.colonyID))
    // Two removals may both have come this far; only the one that finds it counts it.
    let isGone = try await commit([]) { transaction in
      guard try transaction.ended(id: id) != nil else { return true }
      try transaction.apply([.removeProcess(sequence: ended.sequence)])
      return false
    }
    guard !isGone else { throw unknownProcess("remove process", authority.api, "process is nil") }
    machine.forgetEnded(ended.state, count: 1, colonyID: ended.colonyID)
    return .empty
  }

  func removeAll(_ reference: ColonyReference, _ state: ProcessState?, _ authority: Authority) async throws
    -> Reply
  {
    let colony = try authority.ownedColony(reference)
    machine.removeAll(colonyID: colony.id, state: state)
    try await commit([.removeProcesses(colonyID: colony.id, state: state)])
    return .empty
  }

  // MARK: Attributes

  func addAttribute(_ attribute: Attribute, _ authority: Authority) async throws -> Reply {
    let api = authority.api
    let id = attribute.processID
    let holder: String
    let sequence: Int64
    let colonyID: String
    var state = ProcessState.running
    if let live = machine.process(id: id) {
      (holder, sequence, colonyID) = (live.assignment?.executorID ?? "", live.sequence, live.colonyID)
      state = live.state
    } else if let ended = try await commit([], { try $0.ended(id: id) }) {
      (holder, sequence, colonyID) = (ended.executorID, ended.sequence, ended.colonyID)
      state = ended.state
    } else {
      throw unknownProcess("add attribute", api, api == .runtime ? "process is nil" : "process not found")
    }
    let colony = try current(authority).memberColony(reference(colonyID)).colony
    if api == .executor, state != .running {
      throw Refusal(status: 403, message: "Failed to add attribute, process is not running")
    }
    guard holder == authority.callerID else {
      throw Refusal(
        status: 403,
        message: api == .runtime
          ? "only runtime with id <\(holder)> is allowed to set attributes"
          : "Failed to add attribute, only executor with id <\(holder)> is allowed to set attributes")
    }
    var added = attribute
    added.id = Attribute.id(process: id, key: attribute.key, kind: attribute.kind, api: api)
    added.colonyID = colony.id
    added.colonyName = colony.name
    let stored = added
    try await commit([]) { transaction in
      guard try transaction.add(stored, sequence: sequence) else {
        throw Refusal(
          status: 400, message: "The attribute <\(stored.key)> of this type already exists")
      }
    }
    return Reply(added.json(api), api)
  }

  func getAttribute(_ id: String, _ authority: Authority) async throws -> Reply {
    guard let (found, colonyID, state) = try await read({ try $0.attribute(id: id) }) else {
      throw authority.api == .runtime
        ? Refusal(status: 500, message: "attribute is nil")
        : Refusal(status: 404, message: "Attribute does not exists")
    }
    let colony = try current(authority).memberColony(reference(colonyID)).colony
    var attribute = found
    attribute.colonyID = colony.id
    attribute.colonyName = colony.name
    attribute.state = state
    return Reply(attribute.json(authority.api), authority.api)
  }

  // MARK: Helpers

  /// The caller's rights as they are now, after an interruption.
  func current(_ authority: Authority) -> Authority {
    Authority(
      serverID: serverID, registry: registry, api: authority.api, callerID: authority.callerID)
  }

  func reference(_ colonyID: String) -> ColonyReference {
    ColonyReference(id: colonyID, name: registry.colony(id: colonyID)?.name ?? colonyID)
  }

  func unknownProcess(_ action: String, _ api: API, _ what: String) -> Refusal {
    switch api {
    case .runtime: Refusal(status: 500, message: "process is nil")
    case .executor: Refusal(status: 404, message: "Failed to \(action), \(what)")
    }
  }
}

/// The words in which each API refuses to end a process.
private struct CloseWords {
  let state: ProcessState
  let api: API

  init(_ state: ProcessState, _ api: API) {
    self.state = state
    self.api = api
  }

  private var action: String { MessageType.action(closing: state) }

  var notAssigned: Refusal {
    api == .runtime
      ? heldByAnother : Refusal(status: 403, message: "Failed to \(action), process is not assigned")
  }

  var heldByAnother: Refusal {
    Refusal(
      status: 403,
      message: api == .runtime
        ? "not allowed to \(action)" : "Failed to \(action), not allowed to \(action)")
  }

  /// The refusal of a process that has ended in some state, or nil when it ended just so.
  func afterEnd(_ ended: ProcessState) -> Refusal? {
    switch (ended, state) {
    case (.successful, .successful): return nil
    // Upstream's executor API refuses to fail a process twice.
    case (.failed, .failed) where api == .runtime: return nil
    default:
      let was =
        switch ended {
        case .successful: "successful"
        case .cancelled: "cancelled"
        default: "failed"
        }
      let wanted = state == .failed ? "failed" : api == .runtime ? "completed" : "successful"
      return Refusal(status: 400, message: "Tried to set \(was) process as \(wanted)")
    }
  }
}

extension MessageType {
  fileprivate static func action(closing state: ProcessState) -> String {
    (state == .successful ? MessageType.closeSuccessful : .closeFailed).action
  }
}

extension Process {
  /// A process as it is when it has just been submitted.
  fileprivate init(
    submitting spec: ProcessSpec, sequence: Int64, to colony: Colony, by member: Registration,
    at now: Timestamp, api: API
  ) throws(Refusal) {
    let id = ProcessID.make(sequence: sequence)
    var spec = spec
    spec.conditions.colonyID = colony.id
    spec.conditions.colonyName = colony.name
    if api == .executor { try spec.normalizeQuantities() }
    let (penalty, _) = Int64(spec.priority).multipliedReportingOverflow(by: 86_400 * 1_000_000_000)
    self.init(
      id: id, spec: spec, initiatorID: api == .executor ? member.executor.id : "",
      initiatorName: api == .executor ? member.executor.name : "",
      priorityTime: now.nanoseconds - penalty, submissionTime: now,
      waitDeadline: api == .executor && spec.maxWaitTime > 0 ? now + .seconds(spec.maxWaitTime) : nil,
      attributes: spec.environment.sorted { $0.key < $1.key }.map { key, value in
        Attribute(
          id: Attribute.id(process: id, key: key, kind: .environment, api: api), processID: id,
          colonyID: colony.id, colonyName: colony.name, kind: .environment, key: key, value: value)
      })
  }
}

extension ProcessSpec {
  /// Writes the quantities as the executor API's replies have them. A GPU's node count is not kept, as
  /// upstream does not keep it.
  fileprivate mutating func normalizeQuantities() throws(Refusal) {
    do {
      conditions.cpu = ResourceQuantity.cpuText(milliCPU: try ResourceQuantity.milliCPU(conditions.cpu))
      conditions.memory = ResourceQuantity.memoryText(
        mebibytes: try ResourceQuantity.mebibytes(conditions.memory))
      conditions.storage = ResourceQuantity.memoryText(
        mebibytes: try ResourceQuantity.mebibytes(conditions.storage))
      conditions.gpu.memory = ResourceQuantity.memoryText(
        mebibytes: try ResourceQuantity.mebibytes(conditions.gpu.memory))
      conditions.gpu.nodeCount = 0
    } catch {
      throw Refusal(status: 400, message: error.description)
    }
  }
}

extension WorkerOffer {
  /// What a worker offers: in the runtime API what it registered, in the executor API what it says now.
  fileprivate init(_ executor: Executor, colonyID: String, _ request: AssignRequest, _ api: API)
    throws(Refusal)
  {
    self.init(id: executor.id, name: executor.name, colonyID: colonyID, type: executor.type)
    location = executor.locationName?.lowercased() ?? ""
    switch api {
    case .runtime:
      milliCPU = executor.cores.multipliedReportingOverflow(by: 1000).overflow ? nil : executor.cores * 1000
      memory = executor.memory
      gpus = executor.gpus
    case .executor:
      do {
        if !request.availableCPU.isEmpty { milliCPU = try ResourceQuantity.milliCPU(request.availableCPU) }
        if !request.availableMemory.isEmpty {
          memory = try ResourceQuantity.mebibytes(request.availableMemory)
        }
      } catch {
        throw Refusal(status: 400, message: error.description)
      }
    }
  }
}

extension Refusal {
  /// There is no process for who asked for one.
  static func queueEmpty(_ api: API) -> Refusal {
    switch api {
    case .runtime: Refusal(status: 400, message: "No processes can be selected")
    case .executor: Refusal(status: 404, message: "No process available for assignment")
    }
  }
}
