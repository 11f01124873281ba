import Colonies
import ColoniesClient
import Glibc
import HTTPTransport
import TestSupport
import Testing

/// The real server, killed again and again while clients of both APIs work with it.
///
/// Everything random follows from the seed; what the scheduler does in between does not. To run other seeds:
/// `COLONIES_CRASH_SEED=17 swift test --filter CrashTests`.
@Suite("Crashes", .serialized, .timeLimit(.minutes(10)))
struct CrashTests {
  private static let seeds: [UInt64] =
    getenv("COLONIES_CRASH_SEED").flatMap { UInt64(String(cString: $0)) }.map { [$0] } ?? [1, 2, 3, 4]

  @Test("kill -9 at any moment loses nothing that was answered and gives no process to two", arguments: seeds)
  func crashes(seed: UInt64) async throws {
    let run = try CrashRun(seed: seed)
    let report = try await run.report()
    #expect(report.problems.isEmpty, "seed \(seed): \(report.problems.joined(separator: "\n"))")
    #expect(report.kills == 13, "seed \(seed): servers ended by themselves")
    #expect(report.stops == 2, "seed \(seed): servers did not stop in good order")
    // A load that did nothing would prove nothing.
    #expect(report.ledgers.map(\.answers).reduce(0, +) > 50, "seed \(seed)")
    let entries = report.ledgers.flatMap(\.entries.values)
    #expect(entries.contains { !$0.closes.isEmpty } && entries.contains { !$0.attributes.isEmpty })
    #expect(entries.contains { $0.assignments.count > 1 }, "seed \(seed): no lease ended under load")
    print(
      "crashes, seed \(seed): \(report.kills) kills, \(report.stops) stops, "
        + report.ledgers.map { ledger in
          "\(ledger.answers) answers about \(ledger.entries.count) processes, "
            + "\(ledger.askedTokens.count - ledger.tokens.count) submissions in doubt"
        }.joined(separator: "; "))
  }
}

/// One data directory, and all the servers that work in it one after the other.
private struct CrashRun {
  struct Report {
    var problems: [String] = []
    var kills = 0
    var stops = 0
    var ledgers: [CrashLedger] = []
  }

  private let seed: UInt64
  private let directory: TemporaryDirectory
  private let transport: HTTPTransport
  private let colonies = [
    TestColony(.runtime, name: "then", workers: 3), TestColony(.executor, name: "now", workers: 3),
  ]

  init(seed: UInt64) throws {
    self.seed = seed
    directory = TemporaryDirectory()
    transport = try HTTPTransport()
  }

  func report() async throws -> Report {
    defer { transport.shutdown() }
    var report = Report()
    var checkers = colonies.map(CrashChecker.init)
    var clients = colonies.map { colony in
      colony.workers.indices.map { CrashClient(colony, worker: $0, seed: seed) }
    }
    var (server, endpoint) = try await start()
    for colony in colonies { try await colony.register(client(colony, endpoint)) }
    for (round, ending) in CrashPlan(seed: seed).endings.enumerated() {
      if case .killedWhileStarting = ending {
        // The server of the round before makes room in good order for one that does not live long.
        report.problems += try await checked(server.stop(), .code(0), server, round)
        server = try TestServer(directory: directory.file("data"))
      }
      clients = try await work(clients, endpoint, server, ending)
      let exit = await server.process.exit()
      switch ending {
      case .killedUnderLoad, .killedWhileStarting:
        report.problems += try await checked(exit, .signal(SIGKILL), server, round)
        if exit == .signal(SIGKILL) { report.kills += 1 }
      case .stoppedUnderLoad:
        report.problems += try await checked(exit, .code(0), server, round)
        if exit == .code(0) { report.stops += 1 }
      }
      (server, endpoint) = try await start()
      for index in colonies.indices {
        var latest = CrashLedger()
        for client in clients[index].indices { latest.merge(clients[index][client].takeLedger()) }
        let problems = try await checkers[index].check(latest, client(colonies[index], endpoint))
        report.problems += problems.map { "round \(round), \(ending): \($0)" }
      }
    }
    for (colony, checker) in zip(colonies, checkers) {
      do {
        try await checker.waitForLeases(client(colony, endpoint))
      } catch let failure as Failure {
        // What was found before may say why.
        report.problems.append("\(failure)")
      }
      report.problems += try await checker.checkAll(client(colony, endpoint))
      report.ledgers.append(checker.ledger)
    }
    // What the last server has in memory and what it has written down are the same.
    server.process.kill(SIGKILL)
    _ = await server.process.exit()
    (server, endpoint) = try await start()
    for (colony, checker) in zip(colonies, checkers) {
      report.problems += try await checker.checkAll(client(colony, endpoint))
    }
    report.problems += try await checked(server.stop(), .code(0), server, CrashPlan(seed: seed).endings.count)
    return report
  }

  private func start() async throws -> (TestServer, Endpoint) {
    try await TestServer.started(directory: directory.file("data"))
  }

  private func client(_ colony: TestColony, _ endpoint: Endpoint) -> ColoniesClient {
    ColoniesClient(endpoint: endpoint, transport: transport, api: colony.api)
  }

  /// Lets the clients work until the server has ended as planned.
  private func work(
    _ clients: [[CrashClient]], _ endpoint: Endpoint, _ server: TestServer, _ ending: CrashPlan.Ending
  ) async throws -> [[CrashClient]] {
    let (delay, signal, hasLoad): (Duration, Int32, Bool) =
      switch ending {
      case .killedUnderLoad(let delay): (delay, SIGKILL, true)
      case .killedWhileStarting(let delay): (delay, SIGKILL, false)
      case .stoppedUnderLoad(let delay): (delay, SIGTERM, true)
      }
    return try await withThrowingTaskGroup(of: (Int, Int, CrashClient)?.self) { group in
      if hasLoad {
        for (colony, members) in clients.enumerated() {
          let connection = client(colonies[colony], endpoint)
          for (index, member) in members.enumerated() {
            group.addTask {
              var member = member
              await member.work(connection)
              return (colony, index, member)
            }
          }
        }
      }
      group.addTask {
        // Not a wait: this is the random moment.
        try await Task.sleep(for: delay)
        server.process.kill(signal)
        return nil
      }
      var result = clients
      for try await finished in group {
        if let (colony, index, member) = finished { result[colony][index] = member }
      }
      return result
    }
  }

  private func checked(
    _ exit: ChildProcess.Exit, _ expected: ChildProcess.Exit, _ server: TestServer, _ round: Int
  ) async throws -> [String] {
    exit == expected
      ? [] : ["round \(round): the server ended with \(exit), not \(expected): \(server.process.log)"]
  }
}
