import Colonies
import Locking

@testable import AutoscalerController

/// A queue whose answers a test decides.
actor FakeQueueReader: QueueReader {
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

  func counts() async throws -> QueueCounts {
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
