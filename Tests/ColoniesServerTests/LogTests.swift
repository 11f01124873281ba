import Colonies
import JSON
import Testing

@testable import ColoniesServer

@Suite("Logs", .timeLimit(.minutes(10)))
struct LogTests {
  @Test("keep what the holder writes, in order, and are read in pages")
  func writtenAndRead() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let (worker, other) = (try await colony.worker("w"), try await colony.worker("other"))
    let id = try await worker.submit().id
    _ = try await worker.assign()
    let messages = (1...7).map { "line \($0) <&> å世\n" }
    for message in messages { try await worker.addLog(message, to: id) }

    let all = try await other.logs(LogQuery(colony: colony.reference, processID: id))
    #expect(all.map(\.message) == messages)
    #expect(all.allSatisfy { $0.executorName == "w" && $0.colonyName == "colony" && $0.processID == id })
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.time < $1.time })

    var paged: [LogEntry] = []
    while true {
      let page = try await other.logs(
        LogQuery(
          colony: colony.reference, processID: id, count: 3,
          since: paged.last?.time ?? Timestamp(nanoseconds: 0)))
      if page.isEmpty { break }
      #expect(page.count <= 3)
      paged += page
    }
    #expect(paged == all)
    let latest = LogQuery(colony: colony.reference, processID: id, count: 2, latest: true)
    #expect(try await other.logs(latest) == all.suffix(2))
    let byWorker = LogQuery(colony: colony.reference, executorName: "w")
    #expect(try await other.logs(byWorker) == all)
    #expect(try await other.logs(LogQuery(colony: colony.reference, executorName: "other")) == [])
    #expect(try await other.logs(LogQuery(colony: colony.reference, processID: id, count: 0)) == [])
    await server.stop()
  }

  @Test func onlyTheHolderWritesAndOnlyWhileItRuns() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let (worker, other) = (try await colony.worker("w"), try await colony.worker("other"))
    let stranger = try await TestColony(server, name: "elsewhere").worker("s")
    let notRunning = Refusal(status: 403, message: "Failed to set output, process is not running")
    let id = try await worker.submit().id
    await #expect(throws: notRunning) { try await worker.addLog("x", to: id) }
    _ = try await worker.assign()
    await #expect(
      throws: Refusal(
        status: 403,
        message: "Failed to add log, not allowed to add log, only the assigned Executor may att logs")
    ) { try await other.addLog("x", to: id) }
    await #expect(
      throws: Refusal(
        status: 403, message: "Access denied, not a member of Colony with name <colony>")
    ) { try await stranger.addLog("x", to: id) }
    try await worker.close(id)
    await #expect(throws: notRunning) { try await worker.addLog("x", to: id) }
    await #expect(throws: Refusal(status: 404, message: "Failed to add log, process is nil")) {
      try await worker.addLog("x", to: "none")
    }
    #expect(try await worker.logs(LogQuery(colony: colony.reference, processID: id)) == [])
    await server.stop()
  }

  @Test func otherColoniesReadNothing() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let worker = try await colony.worker("w")
    let elsewhere = try await TestColony(server, name: "elsewhere")
    // A worker of the same name: names are unique only in a colony.
    let namesake = try await elsewhere.worker("w")
    let id = try await worker.submit().id
    _ = try await worker.assign()
    try await worker.addLog("secret", to: id)
    let denied = Refusal(status: 403, message: "Access denied, not a member of Colony with name <colony>")
    for query in [
      LogQuery(colony: colony.reference, processID: id), LogQuery(colony: elsewhere.reference, processID: id),
      LogQuery(colony: colony.reference, executorName: "w"),
    ] {
      await #expect(throws: denied) { try await namesake.logs(query) }
    }
    #expect(try await namesake.logs(LogQuery(colony: elsewhere.reference, executorName: "w")) == [])
    await #expect(throws: Refusal(status: 404, message: "Failed to get logs, executor does not exist")) {
      try await namesake.logs(LogQuery(colony: elsewhere.reference, executorName: "nobody"))
    }
    await server.stop()
  }

  @Test func limitsHold() async throws {
    var limits = ServerLimits()
    limits.logMessageBytes = 8
    limits.logEntriesPerProcess = 5
    let server = try await TestServer(limits: limits)
    let colony = try await TestColony(server)
    let worker = try await colony.worker("w")
    let ids = [try await worker.submit().id, try await worker.submit().id]
    for _ in ids { _ = try await worker.assign() }
    for number in 1...12 {
      for id in ids { try await worker.addLog("\(number)", to: id) }
    }
    for id in ids {
      let kept = try await worker.logs(LogQuery(colony: colony.reference, processID: id))
      #expect(kept.map(\.message) == ["8", "9", "10", "11", "12"])
    }
    await #expect(throws: Refusal(status: 413, message: "A log message may have at most 8 bytes")) {
      try await worker.addLog("123456789", to: ids[0])
    }
    await #expect(throws: Refusal(status: 403, message: "Count exceeds max log count (500)")) {
      try await worker.logs(LogQuery(colony: colony.reference, processID: ids[0], count: 501))
    }
    await #expect(throws: Refusal(status: 400, message: "Count must not be negative")) {
      try await worker.logs(LogQuery(colony: colony.reference, processID: ids[0], count: -1))
    }
    await server.stop()
  }

  @Test func aClockThatGoesBackLosesNothing() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let worker = try await colony.worker("w")
    let id = try await worker.submit().id
    _ = try await worker.assign()
    try await worker.addLog("first", to: id)
    let query = LogQuery(colony: colony.reference, processID: id)
    let first = try #require(try await worker.logs(query).first)
    server.clock.advance(.seconds(-3600))
    try await worker.addLog("second", to: id)
    let continued = LogQuery(colony: colony.reference, processID: id, since: first.time)
    #expect(try await worker.logs(continued).map(\.message) == ["second"])
    await server.stop()
  }

  @Test func logsStayAfterARestartAndGoWithTheirProcess() async throws {
    let first = try await TestServer()
    let colony = try await TestColony(first)
    let worker = try await colony.worker("w")
    let id = try await worker.submit().id
    _ = try await worker.assign()
    try await worker.addLog("kept", to: id)
    await first.engine.stop()

    let second = try await TestServer(directory: first.directory)
    let later = TestWorker(
      colony: TestColony(server: second, owner: colony.owner, name: colony.name), key: worker.key, name: "w",
      api: .executor)
    let byWorker = LogQuery(colony: colony.reference, executorName: "w")
    #expect(try await later.logs(byWorker).map(\.message) == ["kept"])
    try await later.close(id)
    try await second.send(.removeProcess(id: id), .executor, worker.key)
    #expect(try await later.logs(byWorker) == [])
    await #expect(throws: Refusal(status: 404, message: "Failed to get logs, process does not exist")) {
      try await later.logs(LogQuery(colony: colony.reference, processID: id))
    }
    await second.stop()
  }
}

extension TestColony {
  fileprivate init(server: TestServer, owner: PrivateKey, name: String) {
    self.server = server
    self.owner = owner
    self.name = name
  }
}

extension TestWorker {
  fileprivate func addLog(_ message: String, to id: String) async throws {
    try await colony.server.send(.addLog(processID: id, message: message), api, key)
  }

  fileprivate func logs(_ query: LogQuery) async throws -> [LogEntry] {
    let json = try await colony.server.send(.getLogs(query), api, key)
    return try (json.array ?? []).map { try LogEntry(JSONReader($0, structure: "log")) }
  }
}
