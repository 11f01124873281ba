import Colonies
import ColoniesClient
import JSON
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

/// Handlers that end when a test says so.
private final class Workshop: Sendable {
  private let gates = Locked<[String: Gate]>([:])

  /// Ends the work on a process, also one that has not begun.
  func finish(_ id: String) { gate(id).open() }

  func work(on context: WorkContext) async throws -> ProcessOutput {
    await gate(context.process.id).wait()
    try Task.checkCancellation()
    return ProcessOutput(result: "done")
  }

  private func gate(_ id: String) -> Gate {
    gates.withLock { gates in
      let gate = gates[id] ?? Gate()
      gates[id] = gate
      return gate
    }
  }
}

@Suite("A worker with several processes at once", .timeLimit(.minutes(10)))
struct ConcurrencyTests {
  private let workshop = Workshop()

  private func harness(_ concurrency: Int, _ api: API = .executor) throws -> Harness {
    var harness = try Harness(api)
    harness.configuration.concurrency = concurrency
    let workshop = workshop
    harness.handler = { context in try await workshop.work(on: context) }
    return harness
  }

  @Test("takes as many as it may and no more, and the next when one is done, in any order")
  func fills() async throws {
    let harness = try harness(2)
    let queue = harness.queue
    let workshop = workshop
    await queue.answer(
      .assign, .process(testProcess("a")), .process(testProcess("b")), .process(testProcess("c")))
    try await harness.run { _ in
      try await harness.log.until(.info) { $0.count { $0.hasPrefix("working") } == 2 }
      #expect(await queue.count(poll) == 2)
      workshop.finish("b")
      try await queue.until { $0.contains(.close("b", ["done"])) && $0.count { $0 == poll } == 3 }
      workshop.finish("c")
      workshop.finish("a")
      try await queue.until {
        $0.contains(.close("a", ["done"])) && $0.contains(.close("c", ["done"]))
          && $0.count { $0 == poll } == 4
      }
    }
    #expect(await queue.calls.last == .unregister("w"))
  }

  @Test("offers what the processes in hand have left")
  func offers() async throws {
    var harness = try harness(3)
    harness.configuration.cores = 2
    harness.configuration.memory = 1000
    let queue = harness.queue
    let workshop = workshop
    var demanding = testProcess("a")
    demanding.spec.conditions.cpu = "1500m"
    demanding.spec.conditions.memory = "600Mi"
    await queue.answer(.assign, .process(demanding))
    try await harness.run { _ in
      try await queue.until { $0.contains(.assign(timeout: 10, cpu: "500m", memory: "400Mi")) }
      workshop.finish("a")
    }
  }

  @Test("a full worker sends one sign of life for all its processes, an asking one none")
  func heartbeats() async throws {
    let harness = try harness(2)
    let queue = harness.queue
    let workshop = workshop
    await queue.answer(.assign, .process(testProcess("a")), .process(testProcess("b")))
    try await harness.run { _ in
      try await harness.log.until(.info) { $0.count { $0.hasPrefix("working") } == 2 }
      try await harness.clock.pass(.seconds(54)...(.seconds(66)))
      try await queue.until(heartbeat)
      try await harness.clock.sleep(in: .seconds(54)...(.seconds(66)))
      #expect(await queue.count(heartbeat) == 1)
      workshop.finish("a")
      workshop.finish("b")
    }
  }

  @Test("draining finishes everything in hand, and what a cancelled request was given meanwhile")
  func drains() async throws {
    let harness = try harness(3)
    let queue = harness.queue
    let workshop = workshop
    await queue.answer(.assign, .process(testProcess("a")), .process(testProcess("b")))
    await queue.answer(.listRunning, .processes([testProcess("a"), testProcess("b"), testProcess("late")]))
    try await harness.run { worker in
      try await queue.until { $0.count { $0 == poll } == 3 }
      await worker.drain()
      try await harness.log.until(.info) { $0.count { $0.hasPrefix("working") } == 3 }
      for id in ["late", "a", "b"] { workshop.finish(id) }
    }
    let calls = await queue.calls
    for id in ["a", "b", "late"] { #expect(calls.contains(.close(id, ["done"]))) }
    #expect(calls.last == .unregister("w"))
    #expect(calls.count { $0 == poll } == 3)
  }

  @Test("a lost registration ends all work")
  func registrationLost() async throws {
    let harness = try harness(3)
    let queue = harness.queue
    await queue.answer(
      .assign, .process(testProcess("a")), .process(testProcess("b")), .error(.denied))
    try await harness.run { _ in
      try await queue.until {
        $0.count { if case .register = $0 { true } else { false } } == 2 && $0.last == poll
      }
    }
    #expect(harness.log.texts(.warning).count { $0.contains("the process was given up") } == 2)
  }

  @Test("another attempt at a process that is still in hand ends the first, and its result is discarded")
  func laterAttempt() async throws {
    let harness = try harness(2)
    let queue = harness.queue
    let workshop = workshop
    var later = testProcess("a")
    later.retries = 1
    await queue.answer(.assign, .process(testProcess("a")), .process(later))
    try await harness.run { _ in
      try await harness.log.until(.warning) { $0.contains { $0.contains("another attempt has begun here") } }
      workshop.finish("a")
      try await queue.until(.close("a", ["done"]))
    }
    #expect(await queue.count(.close("a", ["done"])) == 1)
  }

  @Test("a process that is done while lost ones are looked for is not taken for a lost one")
  func doneMeanwhile() async throws {
    let harness = try harness(2)
    let queue = harness.queue
    let workshop = workshop
    let answer = Gate()
    await queue.answer(.assign, .process(testProcess("a")), .error(.unreachable))
    // Read before "a" was closed, and answered after it.
    await queue.answer(.listRunning, .heldProcesses(answer, [testProcess("a")]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      try await queue.until(.listRunning)
      workshop.finish("a")
      try await harness.log.until(.debug) { $0.contains { $0.hasPrefix("done with the process") } }
      answer.open()
      try await queue.until { $0.count { $0 == poll } == 3 }
    }
    #expect(harness.log.texts(.info).count { $0.hasPrefix("working") } == 1)
    #expect(await queue.count(.close("a", ["done"])) == 1)
  }
}
