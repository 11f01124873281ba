import Colonies
import ColoniesClient
import Simulation
import Testing
import WorkloadHistory

@Suite("History of a server as a workload", .timeLimit(.minutes(10)))
struct HistoryReaderTests {
  private static let now = Timestamp(nanoseconds: 1_795_593_600_000_000_000)
  private static let colony = ColonyReference(id: String(repeating: "a", count: 64), name: "dev")

  /// A process that was submitted so many seconds ago.
  private static func process(
    ago: Int, waited: Int = 5, took: Int = 30, type: String = "gpu", state: ProcessState = .successful,
    priority: Int = 0
  ) -> Process {
    var spec = ProcessSpec(conditions: .init(colonyName: "dev", executorType: type))
    spec.priority = priority
    let submitted = now + .seconds(-ago)
    let start = submitted + .seconds(waited)
    return Process(
      id: String(repeating: "b", count: 64), spec: spec, state: state, submissionTime: submitted,
      startTime: start,
      endTime: start + .seconds(took))
  }

  private func read(_ server: RememberingServer, seconds: Int) async throws -> WorkloadHistory {
    let client = ColoniesClient(
      endpoint: Endpoint(host: "server", port: 1, usesTLS: false), transport: server, api: server.api)
    return try await HistoryReader(
      client: client, colony: Self.colony, executorType: "gpu", key: PrivateKey()
    )
    .read(seconds: seconds)
  }

  @Test(
    "what ended becomes processes with their times, whether it succeeded or failed", arguments: API.allCases)
  func processes(api: API) async throws {
    let server = RememberingServer(
      api: api,
      processes: [
        Self.process(ago: 90_000), Self.process(ago: 4_000, took: 7),
        Self.process(ago: 3_000, took: 8, state: .failed, priority: api == .executor ? 3 : 0),
        Self.process(ago: 2_000, type: "cpu"), Self.process(ago: 100, state: .running),
        Self.process(ago: 50, took: 0),
      ], now: Self.now)
    let history = try await read(server, seconds: 86_400)
    #expect(
      history.processes == [
        SimulatedProcess(submittedAt: .zero, serviceTime: .seconds(7), executorType: "gpu"),
        SimulatedProcess(
          submittedAt: .seconds(1_000), serviceTime: .seconds(8), executorType: "gpu",
          priority: api == .executor ? 3 : 0),
        SimulatedProcess(submittedAt: .seconds(3_950), serviceTime: .milliseconds(1), executorType: "gpu"),
      ])
    #expect(history.begins == .nanoseconds(Self.now.nanoseconds) - .seconds(4_000))
    #expect(
      history.coverage == [
        "successful processes: those submitted in the last 86400 s",
        "failed processes: those submitted in the last 86400 s", "1 processes of other types left out",
        "a process that was begun more than once has the time of its last attempt",
      ])
  }

  @Test("an answer that may have been cut off is not taken, and it is said what is missing")
  func cutOff() async throws {
    let server = RememberingServer(
      api: .executor, processes: (0..<15_000).reversed().map { Self.process(ago: $0) }, now: Self.now,
      mostInAnswer: 10_000)
    let history = try await read(server, seconds: 86_400)
    // 600, 1,200, 2,400, 4,800 and 9,600 s are told whole; 19,200 s are not.
    #expect(history.processes.count == 9_601)
    #expect(
      history.coverage[0]
        == "successful processes: those submitted in the last 9600 s, not in the last 86400 s: the last 19200 s have 10000 or more, and some may be left out"
    )
  }

  @Test("a server that fails on a long time is asked no longer, and what it told before counts")
  func refused() async throws {
    let server = RememberingServer(
      api: .executor, processes: (0..<3_000).reversed().map { Self.process(ago: $0) }, now: Self.now,
      refusesFrom: 2_000)
    let history = try await read(server, seconds: 86_400)
    #expect(history.processes.count == 1_201)
    #expect(history.coverage[0].contains("in the last 1200 s, not in the last 86400 s: for 2400 s, "))
    #expect(history.coverage[0].contains("out of memory"))
  }

  @Test("a server that tells no history lists the latest 100, and it is said that this is not all")
  func listed() async throws {
    var server = RememberingServer(
      api: .executor,
      processes: (0..<300).reversed().map { Self.process(ago: $0) } + [Self.process(ago: 5, state: .failed)],
      now: Self.now)
    server.historyRefusal = Refusal(status: 403, message: "access denied")
    let history = try await read(server, seconds: 86_400)
    #expect(history.processes.count == 101)
    #expect(history.coverage[0].contains("only 100, as servers list no more"))
    #expect(history.coverage[1].contains("all 1 that the server lists"))
  }

  @Test("a server that answers nothing is an error")
  func unreachable() async throws {
    var server = RememberingServer(api: .executor, processes: [], now: Self.now)
    server.historyRefusal = Refusal(status: 500, message: "no database")
    let refusing = server
    await #expect(throws: ColoniesError.self) { try await read(refusing, seconds: 86_400) }
    server.historyRefusal = nil
    #expect(try await read(server, seconds: 1).processes.isEmpty)
  }
}
