import Locking
import TestSupport
import Testing
import Timekeeping

@Suite("Deadlines")
struct DeadlineTests {
  let clock = TestClock()
  var time: Timekeeper { Timekeeper(clock) }

  @Test("an operation that ends in time gives its value, or its error")
  func inTime() async throws {
    #expect(try await time.within(.seconds(5)) { 7 } == 7)
    await #expect(throws: Failure.self) {
      try await time.within(.seconds(5)) { throw Failure("broken") }
    }
  }

  @Test("an operation that takes too long is cancelled, and has ended when that is told")
  func tooLong() async throws {
    let cancelled = Locked(false)
    let task = Task { [clock, time] in
      try await time.within(.seconds(5)) {
        do {
          try await clock.sleep(for: .seconds(60))
        } catch {
          cancelled.withLock { $0 = true }
          throw error
        }
      }
    }
    try await clock.sleep(in: .seconds(60) ... .seconds(60))
    try await clock.pass(.seconds(5) ... .seconds(5))
    let error = await #expect(throws: DeadlineError.self) { try await task.value }
    #expect(error?.description == "no answer within 5.0 seconds")
    #expect(cancelled.withLock { $0 })
  }

  @Test("a cancelled task is told so, not that it took too long")
  func cancelled() async throws {
    let time = time
    let task = Task { [clock] in
      try await time.within(.seconds(5)) { try await clock.sleep(for: .seconds(60)) }
    }
    try await clock.sleep(count: 2)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
