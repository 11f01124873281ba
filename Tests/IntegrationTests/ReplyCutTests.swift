import Colonies
import ColoniesClient
import ColoniesWorker
import Glibc
import HTTPTransport
import Locking
import Logging
import TestSupport
import Testing

/// A worker behind a connection that is reset after every single byte of every kind of reply, one after the other.
///
/// `COLONIES_CUT_STEP` sets the distance of the places that are tried, from 1; by default every 32nd is.
@Suite("Replies that break off", .timeLimit(.minutes(30)), .serialized)
struct ReplyCutTests {
  @Test("wherever a reply breaks off, each process is done once, in one attempt", arguments: API.allCases)
  func cuts(api: API) async throws {
    let step = getenv("COLONIES_CUT_STEP").flatMap { Int(String(cString: $0)) } ?? 32
    let served = try await ServedColony(api, workers: 1)
    let sweep = Locked(Sweep(step: max(step, 1)))
    let proxy = try CuttingProxy(
      to: served.endpoint.port, cut: { message in sweep.withLock { $0.cut(message) } },
      passed: { message, length in sweep.withLock { $0.passed(message, length) } })
    let runs = Locked<[String: Int]>([:])
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    var configuration = WorkerConfiguration(
      endpoint: Endpoint(host: "127.0.0.1", port: proxy.port, usesTLS: false), api: api,
      colony: served.colony.reference, colonyKey: served.colony.key, executorType: TestColony.workerType,
      name: "cut")
    configuration.pollTimeout = 1
    var logger = Logger(label: "cut") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let worker = Worker(
      configuration: configuration,
      client: ColoniesClient(endpoint: configuration.endpoint, transport: transport, api: api),
      logger: logger, clock: FastClock(factor: 50)
    ) { context in
      runs.withLock { $0[context.process.id, default: 0] += 1 }
      return ProcessOutput(result: "result of \(context.process.id)")
    }
    var ids: [String] = []
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await worker.run() }
      // The first processes show how long the replies are.
      for index in 0..<5 { ids.append(try await served.submit("\(index)").id) }
      try await wait(until: { try await served.statistics.successful == 5 })
      sweep.withLock { $0.begin() }
      while !sweep.withLock({ $0.isDone }) {
        for _ in 0..<10 { ids.append(try await served.submit("\(ids.count)").id) }
        let count = ids.count
        try await wait(until: { try await served.statistics.finished == count })
      }
      await worker.drain()
      try await group.waitForAll()
    }
    for id in ids {
      let process = try await served.client.process(id: id, key: served.colony.workers[0])
      #expect(process.state == .successful && process.retries == 0)
      #expect(process.attributes.filter { $0.kind == .output }.map(\.value) == ["result of \(id)"])
      #expect(runs.withLock { $0[id] } == 1, "\(id) was begun another time")
    }
    let lengths = sweep.withLock { $0.lengths }
    #expect(lengths.count >= 3 && lengths.values.allSatisfy { $0 > 100 })
    #expect(proxy.cuts >= lengths.values.map { $0 / max(step, 1) }.reduce(0, +))
    print("\(api.rawValue) API: \(proxy.cuts) replies cut, \(ids.count) processes; lengths \(lengths)")
  }

  private func wait(until condition: () async throws -> Bool) async throws {
    let _: Bool = try await eventually("all processes have ended", within: .seconds(60)) {
      try await condition() ? true : nil
    }
  }
}

extension Statistics {
  fileprivate var finished: Int { successful + failed }
}

/// Which replies are cut where: every other one of the kinds that work needs, at the next place each time.
private struct Sweep {
  private static let kinds: [MessageType] = [.assignProcess, .addAttribute, .closeSuccessful, .getProcess]
  private let step: Int
  /// The longest reply of each kind that passed.
  private(set) var lengths: [String: Int] = [:]
  private var next: [String: Int] = [:]
  private var isTurn: [String: Bool] = [:]
  private var hasBegun = false

  init(step: Int) { self.step = step }

  mutating func begin() { hasBegun = true }

  var isDone: Bool { hasBegun && Self.kinds.allSatisfy { isDone($0.rawValue) } }

  private func isDone(_ message: String) -> Bool {
    lengths[message].map { next[message, default: 0] > $0 } ?? false
  }

  mutating func passed(_ message: String, _ length: Int) {
    guard Self.kinds.contains(where: { $0.rawValue == message }) else { return }
    lengths[message] = max(lengths[message] ?? 0, length)
  }

  mutating func cut(_ message: String) -> Int? {
    guard hasBegun, lengths[message] != nil else { return nil }
    // A worker asks for its process only when the reply to something that it wrote was cut.
    let isNeeded = message == MessageType.closeSuccessful.rawValue && !isDone
    guard !isDone(message) || isNeeded else { return nil }
    isTurn[message, default: false].toggle()
    guard isTurn[message] == true else { return nil }
    if isDone(message) { return 0 }
    defer { next[message, default: 0] += step }
    return next[message, default: 0]
  }
}
