import Colonies
import Locking

@testable import AutoscalerController

/// A queue whose answers a test decides.
actor FakeQueueReader: QueueWithoutWorkers {
  enum Answer {
    case counts(QueueCounts)
    case failure(String)
    /// No answer, until whoever asks gives up.
    case silence
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private var answer: Answer
  private var listings: [String: [ProcessState: ProcessListing]] = [:]
  private var times: [String: Result<[Duration], Failure>] = [:]
  private(set) var calls = 0
  private(set) var listCalls = 0
  private(set) var measureCalls = 0

  init(_ answer: Answer) { self.answer = answer }

  init(waiting: Int, running: Int = 0, finished: Int = 0) {
    answer = .counts(QueueCounts(waiting: waiting, running: running, finished: finished))
  }

  func answer(_ answer: Answer) { self.answer = answer }

  func answer(waiting: Int, running: Int = 0, finished: Int = 0) {
    answer = .counts(QueueCounts(waiting: waiting, running: running, finished: finished))
  }

  func measure(_ type: String, _ times: [Duration]) { self.times[type] = .success(times) }

  func failMeasuring(_ type: String, _ message: String) {
    times[type] = .failure(Failure(description: message))
  }

  func list(_ type: String, waiting: ProcessListing, running: ProcessListing) {
    listings[type] = [.waiting: waiting, .running: running]
  }

  func counts(orderedTypes types: Set<String>) async throws -> QueueCounts {
    calls += 1
    switch answer {
    case .counts(let counts): return counts
    case .failure(let message): throw Failure(description: message)
    case .silence:
      await Latch().wait()
      throw CancellationError()
    }
  }

  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
    listCalls += 1
    return listings[executorType]?[state] ?? ProcessListing(count: 0, executors: [], isComplete: true)
  }

  func serviceTimes(executorType: String) async throws -> [Duration] {
    measureCalls += 1
    return try times[executorType]?.get() ?? []
  }
}

/// Queues whose workers nobody asks about.
protocol QueueWithoutWorkers: WorkerQueue {}

extension QueueWithoutWorkers {
  private var failure: FakeQueueReader.Failure { .init(description: "nobody is known to work here") }

  func workers(executorType: String) async throws -> [Executor] { throw failure }
  func holdsWork(_ worker: Executor) async throws -> Bool { throw failure }
  func reachesUnregistered() async throws -> Bool { throw failure }
  func openOrders() async -> Set<String> { [] }
  func order(_ worker: WorkerAddress) async throws -> String { throw failure }
  func standing(ofOrder id: String) async throws -> OrderStanding { throw failure }
  func withdraw(order id: String) async throws { throw failure }
  func reject(_ worker: Executor, owner: KeySource) async throws { throw failure }
  func approve(_ worker: Executor, owner: KeySource) async throws { throw failure }
  func unregister(_ worker: Executor, owner: KeySource) async throws { throw failure }
}
