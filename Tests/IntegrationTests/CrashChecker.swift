import Colonies
import ColoniesClient
import JSON

/// Compares what a server shows with what clients were told.
struct CrashChecker: Sendable {
  let colony: TestColony
  /// What this colony's clients were told, from the first server on.
  private(set) var ledger = CrashLedger()

  init(_ colony: TestColony) { self.colony = colony }

  private var key: PrivateKey { colony.workers[0] }

  // MARK: Processes

  /// Adds what was told lately, and compares all processes that it is about.
  /// - Returns: What is wrong.
  mutating func check(_ latest: CrashLedger, _ client: ColoniesClient) async throws -> [String] {
    ledger.merge(latest)
    var problems = latest.contradictions
    for id in latest.entries.keys.sorted() {
      do {
        problems += check(try await client.process(id: id, key: key), shownAt: .now())
      } catch {
        guard error.code == .notFound else { throw error }
        problems.append("\(id) is lost")
      }
    }
    return problems
  }

  /// Compares one process, as the server shows it, with what was told about it.
  private func check(_ process: Process, shownAt now: Timestamp) -> [String] {
    guard let entry = ledger.entries[process.id] else { return ["\(process.id) was never spoken of"] }
    var problems: [String] = []
    if let spec = entry.spec, process.spec != spec { problems.append("has another spec") }
    for (key, value) in entry.attributes
    where !process.attributes.contains(where: { $0.key == key && $0.value == value }) {
      problems.append("has lost the attribute \(key)")
    }
    problems += exclusion(entry)
    problems += end(process, entry, shownAt: now)
    return problems.map { "\(process.id): \($0)" }
  }

  /// One holder at a time: the next comes when the lease of the one before has ended, and nobody comes behind
  /// one that has closed it.
  private func exclusion(_ entry: CrashLedger.Entry) -> [String] {
    var problems: [String] = []
    let assignments = entry.assignments.sorted { $0.startTime < $1.startTime }
    for (earlier, later) in zip(assignments, assignments.dropFirst()) {
      guard let deadline = earlier.deadline, deadline <= later.startTime else {
        problems.append(
          "was given to \(later.workerID) at \(later.startTime.rfc3339) while \(earlier.workerID) held it "
            + "until \(earlier.deadline?.rfc3339 ?? "its end")")
        continue
      }
      if later.retries <= earlier.retries { problems.append("has lost count of its retries") }
    }
    for close in Set(entry.closes) where close.workerID != assignments.last?.workerID {
      problems.append("was closed by \(close.workerID), which was not the last to hold it")
    }
    return problems
  }

  private func end(_ process: Process, _ entry: CrashLedger.Entry, shownAt now: Timestamp) -> [String] {
    if let close = entry.closes.first {
      // A close that was answered stands for ever.
      return Set(entry.closes).count == 1 && shows(process, close)
        ? [] : ["was closed as \(entry.closes), and is shown as \(summary(process))"]
    }
    switch process.state {
    case .waiting, .running:
      guard let last = entry.assignments.max(by: { $0.startTime < $1.startTime }) else { return [] }
      let isHeld =
        process.state == .running && process.assignedExecutorID == last.workerID
        && process.startTime == last.startTime
      // A lease that was answered holds, and nothing else holds.
      if last.deadline.map({ now < $0 }) ?? true, !isHeld {
        return ["is held by \(last.workerID), and is shown as \(summary(process))"]
      }
      return []
    case .successful, .failed:
      if entry.doubtfulCloses.contains(where: { shows(process, $0) }) { return [] }
      return isExpired(process) ? [] : ["nobody ended it, and it is shown as \(summary(process))"]
    case .cancelled: return ["nobody cancelled it"]
    }
  }

  private func shows(_ process: Process, _ close: CrashLedger.Close) -> Bool {
    guard process.state == close.state, process.assignedExecutorID == close.workerID else { return false }
    switch (colony.api, close.state) {
    // The runtime API has neither output nor errors.
    case (.runtime, _): return process.output.isEmpty && process.errors.isEmpty
    case (.executor, .successful): return process.output == [.string(close.output)]
    case (.executor, _): return process.errors == [close.output]
    }
  }

  /// Whether a process failed because its last attempt's lease ended.
  private func isExpired(_ process: Process) -> Bool {
    guard process.state == .failed, process.spec.lease != nil else { return false }
    switch colony.api {
    case .runtime: return process.spec.maxRetries > 0 && process.retries >= process.spec.maxRetries
    case .executor:
      return process.spec.maxRetries >= 0 && process.retries >= process.spec.maxRetries
        && process.errors == ["Maximum execution time limit exceeded"]
    }
  }

  private func summary(_ process: Process) -> String {
    "\(process.state) by \(process.assignedExecutorID) since \(process.startTime?.rfc3339 ?? "-"), "
      + "\(process.retries) retries, output \(process.output) \(process.errors)"
  }

  // MARK: The whole colony

  /// Waits until no lease is running that can end soon: each has to end by itself.
  func waitForLeases(_ client: ColoniesClient) async throws {
    let _: [Process] = try await eventually("every lease of a second or two ends") {
      let running = try await all(.running, client)
      return running.contains { $0.spec.lease ?? 3600 < 3600 } ? nil : running
    }
  }

  /// Compares everything that the server has with everything that was told, and its statistics with a count.
  func checkAll(_ client: ColoniesClient) async throws -> [String] {
    var problems: [String] = []
    var found: [String: Int] = [:]
    var ids: Set<String> = []
    let statistics = try await client.statistics(of: colony.reference, key: key)
    let states: [ProcessState] = [.waiting, .running, .successful, .failed]
    for state in states {
      let processes = try await all(state, client)
      let counted = statistics.count(state)
      if processes.count != counted {
        problems.append(
          "the statistics count \(counted) \(state) processes, and there are \(processes.count)")
      }
      for process in processes {
        ids.insert(process.id)
        found[process.spec.arguments.first?.string ?? "", default: 0] += 1
        if ledger.entries[process.id] != nil { problems += check(process, shownAt: .now()) }
      }
    }
    for id in ledger.entries.keys where !ids.contains(id) { problems.append("\(id) is in no list") }
    for (token, count) in found where count > 1 || !ledger.askedTokens.contains(token) {
      problems.append("\(count) processes were made of the submission \(token)")
    }
    for token in ledger.tokens where found[token] == nil {
      problems.append("the process of the submission \(token) is lost")
    }
    return problems
  }

  private func all(_ state: ProcessState, _ client: ColoniesClient) async throws -> [Process] {
    try await client.history(
      HistoryQuery(colony: colony.reference, seconds: 86_400, state: state), key: key)
  }
}

extension Statistics {
  fileprivate func count(_ state: ProcessState) -> Int {
    switch state {
    case .waiting: waiting
    case .running: running
    case .successful: successful
    case .failed: failed
    case .cancelled: cancelled
    }
  }
}
