internal import Colonies
internal import HeapModule

/// The queue's rules as a pure state machine: who gets which process, what a deadline does, who may end what.
///
/// Holds no clock and does no I/O. It knows the processes that are waiting or running and how many have
/// ended; whatever changes is returned, for the store to write down.
struct QueueMachine: Sendable {
  private var live: [Int64: LiveProcess] = [:]
  private var sequences: [String: Int64] = [:]
  private var ready: [ReadyKey: ReadyQueue] = [:]
  private var held: [String: Set<Int64>] = [:]
  private var deadlines = Heap<Deadline>()
  private var counts: [String: StateCounts] = [:]

  /// How many processes are waiting or running, in all colonies.
  var liveCount: Int { live.count }

  // MARK: Looking

  func process(id: String) -> LiveProcess? { sequences[id].flatMap { live[$0] } }

  func counts(colonyID: String) -> StateCounts { counts[colonyID] ?? StateCounts() }

  /// The counts of all colonies together.
  var totalCounts: StateCounts {
    counts.values.reduce(into: StateCounts()) { total, counts in total.add(counts) }
  }

  /// When `expire` next has something to do; may be early, never late.
  var nextDeadline: Timestamp? { deadlines.min?.time }

  /// How many deadlines are kept, also of processes that have ended.
  var deadlineCount: Int { deadlines.count }

  // MARK: Changing

  /// Adds a process: a new one, or one that the store remembers.
  mutating func add(_ process: LiveProcess) {
    live[process.sequence] = process
    sequences[process.id] = process.sequence
    counts[process.colonyID, default: StateCounts()][process.state] += 1
    if let assignment = process.assignment {
      held[assignment.executorID, default: []].insert(process.sequence)
      schedule(assignment.deadline, process)
    } else {
      ready[ReadyKey(process), default: ReadyQueue()].insert(process)
      schedule(process.waitDeadline, process)
    }
  }

  /// Sets how many processes of a colony have ended, as the store remembers it.
  mutating func setEnded(_ state: ProcessState, count: Int, colonyID: String) {
    counts[colonyID, default: StateCounts()][state] = count
  }

  /// Gives a worker its next process: the first in the order of priority and age that it may take. The
  /// deadline starts in the same step, so nobody ever sees a running process without it.
  /// - Returns: The process with its assignment, or nil when there is none.
  mutating func assign(to offer: WorkerOffer, at now: Timestamp) -> LiveProcess? {
    let key = ReadyKey(colonyID: offer.colonyID, executorType: offer.type)
    guard let position = ready[key]?.next(for: offer), var process = live[position.sequence] else {
      return nil
    }
    unready(process)
    process.attempt += 1
    process.assignment = LiveProcess.Assignment(
      executorID: offer.id, startTime: now, deadline: process.lease.map { now + .seconds($0) })
    held[offer.id, default: []].insert(process.sequence)
    move(process, from: .waiting, to: .running)
    schedule(process.assignment?.deadline, process)
    return process
  }

  /// Ends a process by the worker that holds it.
  /// - Returns: The process as it was.
  /// - Throws: `CloseRefusal` when it waits or somebody else holds it.
  mutating func close(id: String, by executorID: String, as state: ProcessState) throws(CloseRefusal)
    -> LiveProcess
  {
    guard let process = process(id: id) else { throw .notLive }
    guard let assignment = process.assignment else { throw .notAssigned }
    guard assignment.executorID == executorID else { throw .heldByAnother }
    end(process, as: state)
    return process
  }

  /// Ends a process by anybody: cancelled, or out of time.
  /// - Returns: The process as it was, or nil when it is not waiting or running.
  mutating func end(id: String, as state: ProcessState) -> LiveProcess? {
    guard let process = process(id: id) else { return nil }
    end(process, as: state)
    return process
  }

  /// Forgets a process, whatever its state.
  /// - Returns: The process as it was, or nil when it is not waiting or running.
  mutating func remove(id: String) -> LiveProcess? {
    guard let process = process(id: id) else { return nil }
    forget(process)
    counts[process.colonyID]?[process.state] -= 1
    return process
  }

  /// Forgets that processes ended, because the store deleted them.
  mutating func forgetEnded(_ state: ProcessState, count: Int, colonyID: String) {
    counts[colonyID]?[state] -= count
  }

  /// Forgets all of a colony's processes in a state, or in any.
  mutating func removeAll(colonyID: String, state: ProcessState?) {
    for process in live.values where process.colonyID == colonyID && state ?? process.state == process.state {
      forget(process)
    }
    for ended in ProcessState.allCases where state ?? ended == ended {
      counts[colonyID]?[ended] = 0
    }
    if state == nil { counts[colonyID] = nil }
  }

  /// Puts one attempt's process back in the queue, because its worker never got it. Costs no retry.
  /// - Returns: The waiting process, or nil when that attempt is over already.
  mutating func release(id: String, attempt: Int) -> LiveProcess? {
    guard let process = process(id: id), process.attempt == attempt, process.assignment != nil else {
      return nil
    }
    return requeue(process)
  }

  /// Puts back everything that a worker holds in a colony, because it is gone. Costs no retry.
  mutating func releaseAll(heldBy executorID: String, colonyID: String) -> [LiveProcess] {
    let processes = (held[executorID] ?? []).compactMap { live[$0] }.filter { $0.colonyID == colonyID }
    return processes.sorted { $0.sequence < $1.sequence }.map { requeue($0) }
  }

  /// Applies every deadline that has passed.
  mutating func expire(at now: Timestamp) -> [Expiry] {
    var expiries: [Expiry] = []
    while let deadline = deadlines.min, deadline.time <= now {
      deadlines.removeMin()
      // A deadline outlives what it was for: it counts only if the process is still in that attempt.
      guard let process = live[deadline.sequence], deadline.isFor(process) else { continue }
      expiries.append(expire(process, at: now))
    }
    return expiries
  }

  private mutating func expire(_ process: LiveProcess, at now: Timestamp) -> Expiry {
    if process.assignment == nil {
      end(process, as: .failed)
      return .failed(process, reason: "Maximum waiting time limit exceeded")
    }
    if let limit = process.retryLimit, process.retries >= limit {
      end(process, as: .failed)
      return .failed(process, reason: "Maximum execution time limit exceeded")
    }
    var process = process
    process.retries += 1
    process.waitDeadline = process.maxWait.map { now + .seconds($0) }
    return .requeued(requeue(process))
  }

  // MARK: Book-keeping

  private mutating func requeue(_ process: LiveProcess) -> LiveProcess {
    var process = process
    unhold(process)
    process.assignment = nil
    move(process, from: .running, to: .waiting)
    ready[ReadyKey(process), default: ReadyQueue()].insert(process)
    schedule(process.waitDeadline, process)
    return process
  }

  private mutating func end(_ process: LiveProcess, as state: ProcessState) {
    forget(process)
    counts[process.colonyID]?[process.state] -= 1
    counts[process.colonyID]?[state] += 1
  }

  private mutating func forget(_ process: LiveProcess) {
    live[process.sequence] = nil
    sequences[process.id] = nil
    if process.assignment == nil { unready(process) } else { unhold(process) }
  }

  private mutating func unready(_ process: LiveProcess) {
    let key = ReadyKey(process)
    ready[key]?.remove(process)
    if ready[key]?.isEmpty == true { ready[key] = nil }
  }

  private mutating func unhold(_ process: LiveProcess) {
    guard let executorID = process.assignment?.executorID else { return }
    held[executorID]?.remove(process.sequence)
    if held[executorID]?.isEmpty == true { held[executorID] = nil }
  }

  private mutating func move(_ process: LiveProcess, from: ProcessState, to: ProcessState) {
    live[process.sequence] = process
    counts[process.colonyID]?[from] -= 1
    counts[process.colonyID]?[to] += 1
  }

  private mutating func schedule(_ time: Timestamp?, _ process: LiveProcess) {
    guard let time else { return }
    deadlines.insert(Deadline(time: time, process))
    // Deadlines of processes that ended early stay behind. When they are most of the heap, it is built anew,
    // so that its size stays in proportion to the queue's.
    if deadlines.count > 2 * live.count + 1024 {
      deadlines = Heap(
        deadlines.unordered.filter { deadline in live[deadline.sequence].map(deadline.isFor) ?? false })
    }
  }
}

extension QueueMachine {
  /// Why a worker may not end a process.
  enum CloseRefusal: Error, Sendable, Hashable {
    /// It is not waiting or running: it has ended, or never was.
    case notLive
    /// It waits.
    case notAssigned
    /// Another worker holds it.
    case heldByAnother
  }

  /// What became of a process whose time was over.
  enum Expiry: Sendable, Hashable {
    case requeued(LiveProcess)
    case failed(LiveProcess, reason: String)
  }

  /// How many processes are in each state.
  struct StateCounts: Sendable, Hashable {
    private var values = [Int](repeating: 0, count: ProcessState.allCases.count)

    subscript(state: ProcessState) -> Int {
      get { values[state.rawValue] }
      set { values[state.rawValue] = newValue }
    }

    fileprivate mutating func add(_ other: StateCounts) {
      for index in values.indices { values[index] += other.values[index] }
    }
  }

  private struct ReadyKey: Sendable, Hashable {
    var colonyID: String
    var executorType: String

    init(colonyID: String, executorType: String) {
      self.colonyID = colonyID
      self.executorType = executorType
    }

    init(_ process: LiveProcess) {
      self.init(colonyID: process.colonyID, executorType: process.executorType)
    }
  }

  private struct Deadline: Sendable, Comparable {
    let time: Timestamp
    let sequence: Int64
    let attempt: Int
    let isLease: Bool

    init(time: Timestamp, _ process: LiveProcess) {
      self.time = time
      sequence = process.sequence
      attempt = process.attempt
      isLease = process.assignment != nil
    }

    func isFor(_ process: LiveProcess) -> Bool {
      guard attempt == process.attempt, isLease == (process.assignment != nil) else { return false }
      return time == (isLease ? process.assignment?.deadline : process.waitDeadline)
    }

    static func < (left: Deadline, right: Deadline) -> Bool {
      (left.time, left.sequence) < (right.time, right.sequence)
    }
  }
}
