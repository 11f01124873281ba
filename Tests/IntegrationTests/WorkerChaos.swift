import Colonies
import ColoniesClient
import Glibc
import HTTPTransport
import JSON
import Locking
import TestSupport

/// Eight workers, their server, and what happens to them until all processes have ended.
struct WorkerChaos {
  struct Report: CustomStringConvertible {
    var problems: [String] = []
    var processes = 0
    /// Those whose worker lived to say in its log that it closed them.
    var reported = 0
    var failed = 0
    /// Attempts whose lease ended.
    var expired = 0
    /// Results that came too late and were discarded.
    var discarded = 0
    var kills = 0
    var stops = 0
    var freezes = 0
    var serverKills = 0
    var serverRestarts = 0
    var clockMoves = 0
    var cuts = 0
    var duration = Duration.zero

    var description: String {
      "\(processes) processes in \(duration), \(failed) of them failed with their reason; \(kills) workers killed, "
        + "\(stops) stopped, \(freezes) frozen; server killed \(serverKills) times, restarted \(serverRestarts) "
        + "times; clocks moved \(clockMoves) times; \(cuts) replies cut; \(expired) leases ended, "
        + "\(discarded) late results discarded"
    }
  }

  private static let workerCount = 8
  /// In seconds.
  private static let lease = 3

  private let count: Int
  private let seed: UInt64
  private let served: ChaosServer
  private let workers: [ChaosWorker]
  private let proxy: CuttingProxy
  private let serverClock: MovableClock
  private let workerClock: MovableClock

  init(_ api: API, processes: Int, seed: UInt64) async throws {
    count = processes
    self.seed = seed
    let directory = TemporaryDirectory()
    serverClock = try await MovableClock(directory: directory, name: "server-clock")
    let workerClock = try await MovableClock(directory: directory, name: "worker-clock")
    self.workerClock = workerClock
    let served = try await ChaosServer(api, directory: directory, environment: serverClock.environment)
    self.served = served
    let generator = Locked(SplitMix64(seed: seed &+ 1000))
    let proxy = try CuttingProxy(to: served.endpoint.port) { _ in
      generator.withLock { $0.chance(1) ? $0.next(in: 0...3000) : nil }
    }
    self.proxy = proxy
    workers = try (0..<Self.workerCount).map { index in
      try ChaosWorker(
        served.colony, port: proxy.port, name: "chaos-\(index)", concurrency: index % 2 == 0 ? 1 : 3,
        directory: directory, environment: workerClock.environment)
    }
  }

  func run() async throws -> Report {
    var report = Report()
    let expected = try await submitAll()
    let begin = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in workers { group.addTask { try await worker.run() } }
      try await disturb(&report)
      try await waitForEnd()
      report.duration = ContinuousClock.now - begin
      group.cancelAll()
      try await group.waitForAll()
    }
    report.processes = count
    report.cuts = proxy.cuts
    try await check(expected, &report)
    return report
  }

  // MARK: The processes

  /// What is to become of a process.
  private enum Expectation: Sendable {
    case result(String)
    /// Done with this result, or failed because its only lease ended.
    case resultOrExpiry(String)
    case failure(containing: String)
  }

  private func submitAll() async throws -> [String: Expectation] {
    let numbers = Self.fibonacciNumbers(to: 90)
    let parts = 8
    let count = count
    let (client, colony, seed) = (served.client, served.colony, seed)
    return try await withThrowingTaskGroup(of: [String: Expectation].self) { group in
      for part in 0..<parts {
        group.addTask {
          var generator = SplitMix64(seed: seed &* 100 &+ UInt64(part))
          var submitted: [String: Expectation] = [:]
          for index in stride(from: part, to: count, by: parts) {
            var spec = colony.spec("\(index)")
            spec.conditions.executorType = "fibonacci"
            spec.arguments = []
            spec.maxExecutionTime = Self.lease
            spec.maxRetries = colony.api == .runtime ? 0 : -1
            let number = generator.next(in: 0...90)
            spec.environment = ["fibonacciNum": "\(number)"]
            var expectation = Expectation.result("\(numbers[number])")
            switch generator.next(in: 1...100) {
            case 1...2:
              spec.environment = ["fibonacciNum": "-\(number + 1)"]
              expectation = .failure(containing: "-\(number + 1)")
            case 3...12:
              // As few attempts as the API allows.
              spec.maxRetries = colony.api == .runtime ? 1 : 0
              expectation = .resultOrExpiry("\(numbers[number])")
            default: break
            }
            submitted[try await client.submit(spec, key: colony.workers[0]).id] = expectation
          }
          return submitted
        }
      }
      return try await group.reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }
    }
  }

  private static func fibonacciNumbers(to index: Int) -> [Int] {
    var numbers = [0, 1]
    while numbers.count <= index { numbers.append(numbers[numbers.count - 1] + numbers[numbers.count - 2]) }
    return numbers
  }

  // MARK: Chaos

  /// Carries the plan out until nearly everything is done.
  private func disturb(_ report: inout Report) async throws {
    var progress = Progress()
    for (wait, event) in WorkerChaosPlan(seed: seed, workers: Self.workerCount) {
      // Not a wait for something: this makes the random moment.
      try await Task.sleep(for: wait)
      switch event {
      case .killWorker(let index):
        workers[index].signal(SIGKILL)
        report.kills += 1
      case .stopWorker(let index):
        workers[index].signal(SIGTERM)
        report.stops += 1
      case .freezeWorker(let index, let duration):
        report.freezes += 1
        let worker = workers[index]
        worker.signal(SIGSTOP)
        Task {
          // Ends early only by cancellation, and nobody cancels it.
          try? await Task.sleep(for: duration)
          worker.signal(SIGCONT)
        }
      case .killServer:
        try await served.restart(by: SIGKILL)
        proxy.lead(to: served.endpoint.port)
        report.serverKills += 1
      case .restartServer:
        try await served.restart(by: SIGTERM)
        proxy.lead(to: served.endpoint.port)
        report.serverRestarts += 1
      case .moveServerClock(let seconds):
        try serverClock.move(seconds: seconds)
        report.clockMoves += 1
      case .moveWorkerClocks(let seconds):
        try workerClock.move(seconds: seconds)
        report.clockMoves += 1
      }
      let ended = try await progress.note(served.statistics, log: served.server.process.log)
      if count - ended <= count / 20, report.serverKills > 0, report.clockMoves > 0 { return }
    }
  }

  /// Waits until everything has ended, which the leases of what was disturbed last may hold up.
  private func waitForEnd() async throws {
    var progress = Progress()
    while try await progress.note(served.statistics, log: served.server.process.log) < count {
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Notices when nothing happens any more.
  private struct Progress {
    private var ended = 0
    private var since = ContinuousClock.now

    /// - Returns: How many processes have ended.
    mutating func note(_ statistics: Statistics, log: String) throws -> Int {
      let now = statistics.successful + statistics.failed
      if now / 10_000 > ended / 10_000 {
        print("worker chaos: \(now) processes have ended")
        // Otherwise who waits for a long run sees it at its end.
        fflush(nil)
      }
      if now > ended { (ended, since) = (now, .now) }
      guard ContinuousClock.now - since < .seconds(120) else {
        throw Failure("nothing has happened for two minutes, at \(statistics): \(log)")
      }
      return now
    }
  }

  // MARK: The checker

  private func check(_ expected: [String: Expectation], _ report: inout Report) async throws {
    if expected.count != count { report.problems.append("\(count - expected.count) submissions share an id") }
    let statistics = try await served.statistics
    if statistics.waiting + statistics.running != 0 || statistics.successful + statistics.failed != count {
      report.problems.append("the server counts \(statistics)")
    }
    report.failed = statistics.failed
    // SIGTERM ends a worker that has just been started, before it listens to signals or registers, and a second one
    // ends a worker that is still draining; SIGKILL may be the last of the chaos, when no other worker was to take the
    // place.
    let proper: [ChildProcess.Exit] = [.code(0), .code(128 + SIGTERM), .signal(SIGTERM), .signal(SIGKILL)]
    for worker in workers where !(worker.exits.last.map(proper.contains) ?? false) {
      report.problems.append("a worker ended with \(worker.exits.last.map { "\($0)" } ?? "nothing")")
    }
    let closes = closesInLogs(&report)
    report.reported = closes.count
    let (client, colony) = (served.client, served.colony)
    let ids = Array(expected)
    let results = try await withThrowingTaskGroup(of: ([String], Int).self) { group in
      for part in 0..<8 {
        group.addTask {
          var problems: [String] = []
          var retries = 0
          for (id, expectation) in ids.enumerated().filter({ $0.offset % 8 == part }).map(\.element) {
            let process = try await client.process(id: id, key: colony.workers[0])
            retries += process.retries
            problems += Self.problems(of: process, expectation).map { "\(id): \($0)" }
            if closes[id, default: 0] > 1 { problems.append("\(id) was closed by several workers") }
          }
          return (problems, retries)
        }
      }
      return try await group.reduce(into: ([], 0)) { all, part in all = (all.0 + part.0, all.1 + part.1) }
    }
    report.problems += results.0
    report.expired = results.1
  }

  /// How many workers say that they have closed a process, by its id.
  private func closesInLogs(_ report: inout Report) -> [String: Int] {
    var closes: [String: Int] = [:]
    for worker in workers {
      for line in worker.log.split(separator: "\n") {
        if line.contains("closed as ") {
          guard let id = line.split(separator: "process=").last.map({ String($0.prefix(64)) }) else {
            continue
          }
          closes[id, default: 0] += 1
        } else if line.contains("is discarded") || line.contains("given up") {
          report.discarded += 1
        } else if line.contains(" error ") || line.contains("Fatal error") {
          report.problems.append("a worker says: \(line)")
        }
      }
    }
    return closes
  }

  private static func problems(of process: Process, _ expectation: Expectation) -> [String] {
    let results = process.attributes.filter { $0.kind == .output && $0.key == "result" }.map(\.value)
    let reasons = process.errors + process.attributes.filter { $0.kind == .error }.map(\.value)
    let summary = "\(process.state) after \(process.retries) retries with \(results), \(reasons)"
    switch (expectation, process.state) {
    case (.result(let number), .successful), (.resultOrExpiry(let number), .successful):
      return results == [number] ? [] : ["\(summary), not \(number)"]
    case (.resultOrExpiry, .failed):
      let limit = process.spec.maxRetries
      let isExpiry = reasons == ["Maximum execution time limit exceeded"] || reasons.isEmpty
      return process.retries == limit && isExpiry ? [] : ["\(summary), which is no end of its last lease"]
    case (.failure(let text), .failed):
      return reasons.count == 1 && reasons[0].contains(text) ? [] : ["\(summary), without the reason \(text)"]
    case (let expectation, _): return ["\(summary), and was to be \(expectation)"]
    }
  }
}
