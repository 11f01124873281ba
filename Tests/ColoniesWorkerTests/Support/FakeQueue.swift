import Colonies
import ColoniesClient
import JSON
import Locking

@testable import ColoniesWorker

/// A server for one worker: answers as a test has scripted, and tells what it was asked.
actor FakeQueue: WorkQueue {
  enum Call: Hashable, Sendable {
    case register(String), approve(String), unregister(String), listWorkers
    case assign(timeout: Int?, cpu: String, memory: String)
    case get(String), listRunning, listHeld
    case addAttribute(Attribute.Kind, String, String), addLog(String)
    case close(String, [JSONValue]?), fail(String, [String])
    /// A waiting assign was cancelled.
    case cancelled

    /// Whether it ends a process, well or badly.
    var isClose: Bool {
      switch self {
      case .close, .fail: true
      default: false
      }
    }
  }

  /// The messages, for scripting their answers.
  enum Message: Hashable, Sendable {
    case resolve, answersExecutorAPI, register, approve, unregister, listWorkers, assign, heartbeat, get,
      listRunning, listHeld
    case addAttribute, addLog, close, fail
  }

  enum Answer: Sendable {
    case fine
    case process(Process)
    case processes([Process])
    /// Not before the test says so.
    case heldProcesses(Gate, [Process])
    case workers([Executor.State])
    case error(ColoniesError.Code, String = "")
    /// Not before the test says so.
    case held(Gate)
  }

  let api: API
  private(set) var calls: [Call] = []
  /// The keys that called, beside the colony's.
  private(set) var keys: [PrivateKey] = []
  private var script: [Message: [Answer]] = [:]
  /// Whether nothing reaches the server, whatever is scripted.
  private var isAway = false
  private var watchers: [(matches: @Sendable ([Call]) -> Bool, latch: Latch)] = []
  /// What was assigned, as it is shown when nothing else is scripted.
  private var assigned: [String: Process] = [:]

  init(_ api: API) { self.api = api }

  /// Answers the next messages of a kind so, before the usual answer: success, and no work.
  func answer(_ message: Message, _ answers: Answer...) { script[message, default: []] += answers }

  /// Cuts the connection to the server, or mends it. The script goes on where it was.
  func setAway(_ isAway: Bool) { self.isAway = isAway }

  /// Waits until the calls so far satisfy a condition.
  func until(_ matches: @escaping @Sendable ([Call]) -> Bool) async throws {
    if matches(calls) { return }
    let latch = Latch()
    watchers.append((matches, latch))
    await latch.wait()
    try Task.checkCancellation()
  }

  func until(_ call: Call) async throws { try await until { $0.contains(call) } }

  func count(_ call: Call) -> Int { calls.count { $0 == call } }

  private func note(_ call: Call) {
    calls.append(call)
    let due = watchers.filter { $0.matches(calls) }
    watchers.removeAll { $0.matches(calls) }
    for watcher in due { watcher.latch.open() }
  }

  private func next(_ message: Message) async throws(ColoniesError) -> Answer? {
    if isAway { throw ColoniesError(.unreachable, "away") }
    guard var answers = script[message], !answers.isEmpty else { return nil }
    let answer = answers.removeFirst()
    script[message] = answers
    switch answer {
    case .error(let code, let text):
      throw ColoniesError(code, text.isEmpty ? "scripted \(code.rawValue)" : text)
    case .held(let gate):
      await gate.wait()
      return .fine
    case .heldProcesses(let gate, let processes):
      await gate.wait()
      return .processes(processes)
    default: return answer
    }
  }

  func resolvedAPI() async throws(ColoniesError) -> API {
    _ = try await next(.resolve)
    return api
  }

  /// Upstream servers of 2022 do not.
  func answersExecutorAPI() async throws(ColoniesError) -> Bool {
    if case .fine? = try await next(.answersExecutorAPI) { return true }
    return api == .executor
  }

  func addExecutor(_ executor: Executor, key: PrivateKey) async throws(ColoniesError) -> Executor {
    note(.register(executor.name))
    _ = try await next(.register)
    return executor
  }

  func approveExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError) {
    note(.approve(executor.name))
    _ = try await next(.approve)
  }

  func removeExecutor(_ executor: ExecutorReference, key: PrivateKey) async throws(ColoniesError) {
    note(.unregister(executor.name))
    _ = try await next(.unregister)
  }

  func executors(of colony: ColonyReference, key: PrivateKey) async throws(ColoniesError) -> [Executor] {
    note(.listWorkers)
    guard case .workers(let states)? = try await next(.listWorkers) else {
      throw ColoniesError(.denied, "not a member")
    }
    return states.map { Executor(id: key.id, type: "test", name: "w", state: $0) }
  }

  func assign(
    colony: ColonyReference, timeout: Int?, availableCPU: String, availableMemory: String, key: PrivateKey
  ) async throws(ColoniesError) -> Process {
    note(.assign(timeout: timeout, cpu: availableCPU, memory: availableMemory))
    keys.append(key)
    let isHeartbeat = availableCPU == "-1m"
    switch try await next(isHeartbeat ? .heartbeat : .assign) {
    case .process(var process)?:
      process.assignedExecutorID = key.id
      assigned[process.id] = process
      return process
    case nil where timeout != nil:
      // A long poll that nobody answers.
      await Gate().wait()
      note(.cancelled)
      throw ColoniesError(.cancelled, "cancelled")
    default: throw ColoniesError(.queueEmpty, "no process")
    }
  }

  func process(id: String, key: PrivateKey) async throws(ColoniesError) -> Process {
    note(.get(id))
    if case .process(var process)? = try await next(.get) {
      if process.assignedExecutorID.isEmpty { process.assignedExecutorID = key.id }
      return process
    }
    guard let process = assigned[id] else { throw ColoniesError(.notFound, "no such process") }
    return process
  }

  func processes(_ query: ProcessQuery, key: PrivateKey) async throws(ColoniesError) -> [Process] {
    note(.listRunning)
    guard case .processes(let processes)? = try await next(.listRunning) else { return [] }
    return processes.map { process in
      var process = process
      if process.assignedExecutorID.isEmpty { process.assignedExecutorID = key.id }
      return process
    }
  }

  func history(_ query: HistoryQuery, key: PrivateKey) async throws(ColoniesError) -> [Process] {
    note(.listHeld)
    guard query.executorID == key.id, case .processes(let processes)? = try await next(.listHeld) else {
      return []
    }
    return processes
  }

  func addAttribute(_ attribute: Attribute, key: PrivateKey) async throws(ColoniesError) -> Attribute {
    note(.addAttribute(attribute.kind, attribute.key, attribute.value))
    keys.append(key)
    _ = try await next(.addAttribute)
    return attribute
  }

  func addLog(processID: String, message: String, key: PrivateKey) async throws(ColoniesError) {
    note(.addLog(message))
    _ = try await next(.addLog)
  }

  func closeSuccessful(id: String, output: [JSONValue]?, key: PrivateKey) async throws(ColoniesError) {
    note(.close(id, output))
    keys.append(key)
    _ = try await next(.close)
  }

  func closeFailed(id: String, errors: [String], key: PrivateKey) async throws(ColoniesError) {
    note(.fail(id, errors))
    keys.append(key)
    _ = try await next(.fail)
  }
}

/// Holds whoever waits until it is opened or their task is cancelled.
typealias Gate = Latch

/// The request for work that the worker of a `Harness` makes in the executor API, in the runtime API, and the one that
/// only says that it is alive.
let poll = FakeQueue.Call.assign(timeout: 10, cpu: "", memory: "")
let ask = FakeQueue.Call.assign(timeout: nil, cpu: "", memory: "")
let heartbeat = FakeQueue.Call.assign(timeout: nil, cpu: "-1m", memory: "")
