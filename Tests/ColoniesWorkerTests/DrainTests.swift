import Colonies
import ColoniesClient
import JSON
import Locking
import TestSupport
import Testing

@testable import ColoniesWorker

@Suite("Ending a worker", .timeLimit(.minutes(10)))
struct DrainTests {
  /// Runs a worker under supervision, with requests that the body makes.
  private func supervise(
    _ harness: Harness, _ body: (_ request: (StopRequest) -> Void) async throws -> Void
  ) async throws -> [ForcedEnd] {
    let (requests, request) = AsyncStream<StopRequest>.makeStream()
    let ends = Locked<[ForcedEnd]>([])
    let worker = harness.makeWorker()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await worker.run(until: requests) { end in ends.withLock { $0.append(end) } }
      }
      try await body { request.yield($0) }
      try await group.waitForAll()
    }
    return ends.withLock { $0 }
  }

  @Test("a signal gives up the waiting request and unregisters")
  func drainDuringLongPoll() async throws {
    let harness = try Harness()
    let ends = try await supervise(harness) { request in
      try await harness.queue.until(poll)
      request(.terminate(signal: 15))
    }
    #expect(ends.isEmpty)
    #expect(
      await harness.queue.calls == [.register("w"), .approve("w"), poll, .cancelled, .unregister("w")])
  }

  @Test("a signal ends the pause between two requests")
  func drainWhileIdle() async throws {
    let harness = try Harness(.runtime)
    let ends = try await supervise(harness) { request in
      try await harness.clock.sleep(in: .milliseconds(100)...(.milliseconds(200)))
      request(.drain)
    }
    #expect(ends.isEmpty)
    #expect(await harness.queue.calls.last == .unregister("w"))
  }

  @Test("a signal lets the present process end, and takes no other")
  func drainWhileWorking() async throws {
    var harness = try Harness()
    let gate = Gate()
    let started = Gate()
    harness.handler = { _ in
      started.open()
      await gate.wait()
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1")), .process(testProcess("p2")))
    let ends = try await supervise(harness) { request in
      await started.wait()
      // Asking to drain, any number of times and before a signal, forces nothing.
      request(.drain)
      request(.drain)
      request(.terminate(signal: 15))
      // The grace time has begun, so the request has arrived.
      try await clock.sleep(in: .seconds(28)...(.seconds(28)))
      gate.open()
    }
    #expect(ends.isEmpty)
    #expect(
      await queue.calls == [
        .register("w"), .approve("w"), poll, .addAttribute(.output, "result", "done"), .close("p1", ["done"]),
        .unregister("w"),
      ])
  }

  @Test("a second signal ends at once")
  func secondSignal() async throws {
    var harness = try Harness()
    let started = Gate()
    harness.handler = { _ in
      started.open()
      await Gate().wait()
      throw CancellationError()
    }
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    let ends = try await supervise(harness) { request in
      await started.wait()
      request(.terminate(signal: 2))
      request(.terminate(signal: 15))
    }
    #expect(ends == [.signal(15)])
    #expect(ForcedEnd.signal(15).exitCode == 143)
  }

  @Test("near the end of the grace time the work is handed back")
  func graceEnds() async throws {
    var harness = try Harness()
    let started = Gate()
    harness.handler = { _ in
      started.open()
      await Gate().wait()
      throw CancellationError()
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1")))
    let ends = try await supervise(harness) { request in
      await started.wait()
      request(.terminate(signal: 15))
      try await clock.pass(.seconds(28)...(.seconds(28)))
    }
    #expect(ends == [.graceEnded])
    #expect(await queue.calls == [.register("w"), .approve("w"), poll, .unregister("w")])
  }

  @Test("a server that is away does not hold up the end beyond the grace time")
  func graceEndsWithoutServer() async throws {
    let harness = try Harness()
    for _ in 0..<100 { await harness.queue.answer(.unregister, .error(.unreachable)) }
    let ends = try await supervise(harness) { request in
      try await harness.queue.until(poll)
      request(.terminate(signal: 15))
      try await harness.clock.sleep(in: .seconds(28)...(.seconds(28)))
      var passed = Duration.zero
      while passed < .seconds(30) {
        passed += try await harness.clock.pass(.milliseconds(1)...(.seconds(28)))
      }
    }
    #expect(ends == [.graceEnded])
  }

  @Test("a worker that is told to drain while it registers takes back what it may have been granted")
  func drainWhileRegistering() async throws {
    let harness = try Harness()
    let gate = Gate()
    await harness.queue.answer(.approve, .held(gate))
    _ = try await supervise(harness) { request in
      try await harness.queue.until(.approve("w"))
      request(.terminate(signal: 15))
      try await harness.clock.sleep(in: .seconds(28)...(.seconds(28)))
      gate.open()
    }
    #expect(await harness.queue.calls == [.register("w"), .approve("w"), .unregister("w")])
  }

  @Test(
    "a worker that is told to drain before it is confirmed unregisters only itself",
    arguments: [FakeQueue.Answer.error(.denied), .workers([.unregistered]), .workers([.pending])])
  func drainUnconfirmed(listed: FakeQueue.Answer) async throws {
    let harness = try Harness()
    let queue = harness.queue
    await queue.answer(.register, .error(.deadlineExceeded))
    await queue.answer(.listWorkers, .error(.unreachable), listed)
    _ = try await supervise(harness) { request in
      try await harness.clock.sleep(in: .milliseconds(250)...(.milliseconds(500)))
      request(.terminate(signal: 15))
      // A server that does not answer is asked again.
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
    }
    var isPending = false
    if case .workers([.pending]) = listed { isPending = true }
    #expect(
      await queue.calls
        == [.register("w"), .listWorkers, .listWorkers] + (isPending ? [.unregister("w")] : []))
  }

  @Test("a worker that is told to drain before it runs does nothing")
  func drainBeforeRunning() async throws {
    let harness = try Harness()
    let worker = harness.makeWorker()
    await worker.drain()
    try await worker.run()
    #expect(await harness.queue.calls.isEmpty)
  }
}
