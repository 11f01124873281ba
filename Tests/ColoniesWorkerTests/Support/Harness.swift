import Colonies
import ColoniesClient
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

/// A worker with a scripted server, a clock that a test moves, and a handler.
struct Harness {
  let queue: FakeQueue
  let clock = TestClock()
  let log = LogRecorder()
  var configuration: WorkerConfiguration
  var handler: Worker.Handler = { context in ProcessOutput(result: "done \(context.process.id)") }

  init(_ api: API = .executor) throws {
    queue = FakeQueue(api)
    configuration = WorkerConfiguration(
      endpoint: Endpoint(host: "localhost", port: 1, usesTLS: false),
      colony: ColonyReference(id: "colony", name: "dev"), colonyKey: PrivateKey(), executorType: "test",
      name: "w")
  }

  func makeWorker() -> Worker {
    Worker(
      configuration: configuration, queue: queue, logger: log.logger, clock: clock,
      randomness: SplitMix64(seed: 7), handler: handler)
  }

  /// Runs a worker beside a test's body, then drains it and waits for its end.
  func run(_ body: @escaping @Sendable (Worker) async throws -> Void) async throws {
    let worker = makeWorker()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await worker.run() }
      try await body(worker)
      await worker.drain()
      try await group.waitForAll()
    }
  }
}

/// A process of the test's own.
func testProcess(_ id: String, lease: Int = -1, state: ProcessState = .running) -> Process {
  Process(id: id, spec: ProcessSpec(maxExecutionTime: lease), state: state)
}

/// So many running processes of another worker.
func runningElsewhere(_ count: Int) -> [Process] {
  (0..<count).map { index in
    var process = testProcess("other \(index)")
    process.assignedExecutorID = "another worker"
    return process
  }
}

/// Keeps what was logged.
final class LogRecorder: Sendable {
  private let lines = Locked<[(level: Logger.Level, text: String)]>([])

  private let watchers = Locked<
    [(level: Logger.Level, matches: @Sendable ([String]) -> Bool, latch: Latch)]
  >([])

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(recorder: self) }
    logger.logLevel = .trace
    return logger
  }

  /// Waits until the lines of a level satisfy a condition.
  func until(_ level: Logger.Level, _ matches: @escaping @Sendable ([String]) -> Bool) async throws {
    let latch = Latch()
    watchers.withLock { $0.append((level, matches, latch)) }
    notify()
    await latch.wait()
    try Task.checkCancellation()
  }

  private func notify() {
    let waiting = watchers.withLock { $0 }
    for watcher in waiting where watcher.matches(texts(watcher.level)) { watcher.latch.open() }
  }

  func count(_ level: Logger.Level) -> Int { lines.withLock { $0.count { $0.level == level } } }
  func texts(_ level: Logger.Level) -> [String] {
    lines.withLock { $0.filter { $0.level == level }.map(\.text) }
  }

  private struct Handler: LogHandler {
    let recorder: LogRecorder
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      let text = "\(event.message) \(event.metadata?.description ?? "")"
      recorder.lines.withLock { $0.append((event.level, text)) }
      recorder.notify()
    }
  }
}
