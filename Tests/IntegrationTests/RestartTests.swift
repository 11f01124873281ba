import Colonies
import ColoniesClient
import Files
import GRDB
import Glibc
import TestSupport
import Testing

/// Starting again on what a server left behind.
@Suite("Restarts", .timeLimit(.minutes(10)))
struct RestartTests {
  @Test("A server with 100,000 waiting processes starts, counts them and hands out the first")
  func manyWaiting() async throws {
    let served = try await ServedColony(workers: 1)
    let first = try await served.submit("first")
    #expect(await served.server.stop() == .code(0))
    try multiply(served.directory.file("data/colonies.sqlite"), by: 100_000)

    let begin = ContinuousClock.now
    let (server, endpoint) = try await TestServer.started(directory: served.directory.file("data"))
    let started = ContinuousClock.now - begin
    try await served.withClient(endpoint) { client in
      let statistics = try await client.statistics(
        of: served.colony.reference, key: served.colony.workers[0])
      #expect(statistics.waiting == 100_000)
      let assigned = try await client.assign(
        colony: served.colony.reference, key: served.colony.workers[0])
      #expect(assigned.id == first.id)
    }
    let answered = ContinuousClock.now - begin
    print("restart with 100,000 waiting: listens after \(started), has handed one out after \(answered)")
    #expect(answered < .seconds(60))
    #expect(await server.stop() == .code(0))
  }

  /// Copies the only process of a database until there are so many.
  private func multiply(_ path: String, by count: Int) throws {
    let database = try DatabaseQueue(path: path)
    try database.write { database in
      let columns = try database.columns(in: "process").map(\.name)
      let copied = columns.map { column in
        switch column {
        case "sequence": "sequence + n"
        case "id": "lower(hex(randomblob(24))) || printf('%016x', sequence + n)"
        case "priority_time", "submission_time": "\(column) + n * 1000"
        default: column
        }
      }
      try database.execute(
        sql: """
          WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
          INSERT INTO process (\(columns.joined(separator: ", ")))
          SELECT \(copied.joined(separator: ", ")) FROM process, number
          """, arguments: [count - 1])
    }
    try database.close()
  }

  @Test("A second server in the same data directory is refused, and the first one goes on")
  func secondServer() async throws {
    let served = try await ServedColony()
    let address = try File.text(served.directory.file("data/address"))
    let second = try ChildProcess(
      [
        try BuiltProgram.path(), "server", "start", "--port", "0", "--data-dir",
        served.directory.file("data"),
      ], logFile: served.directory.file("second.log"))
    let exit = await second.exit()
    #expect(exit != .code(0))
    guard case .code = exit else {
      Issue.record("the second server crashed: \(exit)")
      return
    }
    #expect(
      second.log.contains("another server uses the data directory \(served.directory.file("data"))"),
      "\(second.log)")
    #expect(try File.text(served.directory.file("data/address")) == address)
    _ = try await served.submit()
    #expect(try await served.statistics.waiting == 1)
  }

  @Test("A worker that waits when its server is killed gets work from the next one")
  func pollAcrossRestart() async throws {
    let served = try await ServedColony()
    let submitted = try await served.submit()
    #expect(try await served.assign(0).id == submitted.id)
    let lost = Task { try await served.assign(1, timeout: 60) }
    try await served.colony.waitUntilHeard(1, served.client)
    served.server.process.kill(SIGKILL)
    #expect(await served.server.process.exit() == .signal(SIGKILL))
    let error = await #expect(throws: ColoniesError.self) { try await lost.value }
    #expect(error?.code == .unreachable)
    let (server, endpoint) = try await TestServer.started(directory: served.directory.file("data"))
    try await served.withClient(endpoint) { client in
      // What was handed out is still held, so the poll waits for another.
      async let poll = client.assign(
        colony: served.colony.reference, timeout: 60, key: served.colony.workers[1])
      let next = try await client.submit(served.colony.spec("next"), key: served.colony.workers[0])
      #expect(try await poll.id == next.id)
      try await client.closeSuccessful(id: submitted.id, key: served.colony.workers[0])
    }
    #expect(await server.stop() == .code(0))
  }
}
