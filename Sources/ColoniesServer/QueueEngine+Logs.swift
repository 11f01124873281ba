internal import Colonies
internal import JSON

extension QueueEngine {
  func addLog(_ message: String, toProcess id: String, _ authority: Authority) async throws -> Reply {
    guard let process = machine.process(id: id) else {
      guard let ended = try await commit([], { try $0.ended(id: id) }) else {
        throw unknownProcess("add log", authority.api, "process is nil")
      }
      _ = try current(authority).memberColony(reference(ended.colonyID))
      throw notRunning
    }
    let (colony, member) = try authority.memberColony(reference(process.colonyID))
    guard let assignment = process.assignment else { throw notRunning }
    guard assignment.executorID == authority.callerID else {
      throw Refusal(
        status: 403,
        message: "Failed to add log, not allowed to add log, only the assigned Executor may att logs")
    }
    guard message.utf8.count <= limits.logMessageBytes else {
      throw Refusal(
        status: 413, message: "A log message may have at most \(limits.logMessageBytes) bytes")
    }
    let entry = LogWrite(
      sequence: process.sequence, colonyID: colony.id, executorName: member.executor.name, message: message,
      time: clock.now())
    try await commit([.addLog(entry, keeping: limits.logEntriesPerProcess)])
    return .empty
  }

  func getLogs(_ query: LogQuery, _ authority: Authority) async throws -> Reply {
    let entries: [LogEntry]
    let colony: Colony
    if query.executorName.isEmpty {
      guard let colonyID = try await read({ try $0.colonyID(ofProcess: query.processID) }) else {
        throw unknownProcess("get logs", authority.api, "process does not exist")
      }
      colony = try current(authority).memberColony(reference(colonyID)).colony
      try check(query)
      entries = try await read {
        try $0.log(
          ofProcess: query.processID, count: query.count, since: query.since, latest: query.latest)
      }
    } else {
      colony = try authority.memberColony(query.colony).colony
      guard registry.registration(name: query.executorName, colonyID: colony.id) != nil else {
        throw Refusal(status: 404, message: "Failed to get logs, executor does not exist")
      }
      try check(query)
      entries = try await read {
        try $0.log(
          ofExecutor: query.executorName, colonyID: colony.id, count: query.count, since: query.since,
          latest: query.latest)
      }
    }
    let list = entries.map { entry in
      var entry = entry
      entry.colonyName = colony.name
      return entry.json
    }
    return Reply(.nullIfEmpty(list), authority.api)
  }

  /// The words, which are about another request, are upstream's.
  private var notRunning: Refusal {
    Refusal(status: 403, message: "Failed to set output, process is not running")
  }

  private func check(_ query: LogQuery) throws(Refusal) {
    guard query.count <= Self.largestLogCount else {
      throw Refusal(status: 403, message: "Count exceeds max log count (\(Self.largestLogCount))")
    }
    guard query.count >= 0 else { throw Refusal(status: 400, message: "Count must not be negative") }
  }

  private static let largestLogCount = 500
}
