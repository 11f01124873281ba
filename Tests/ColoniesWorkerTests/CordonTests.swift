import Colonies
import ColoniesClient
import JSON
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

private let look = Duration.milliseconds(750)...(.milliseconds(1250))

/// An order to drain, as the server gives it.
private func order(_ api: API = .executor, lease: Duration = .seconds(60)) -> Process {
  let worker = ExecutorReference(id: "id", name: "w", colony: ColonyReference(id: "colony", name: "dev"))
  return Process(
    id: "order", spec: DrainOrder.make(for: worker, executorType: "test", lease: lease, api: api),
    state: .running)
}

private func ended(_ state: ProcessState) -> Process {
  var process = order()
  process.state = state
  return process
}

@Suite("A worker with an order to drain", .timeLimit(.minutes(10)))
struct CordonTests {
  private func harness(_ api: API = .executor) throws -> Harness {
    var harness = try Harness(api)
    harness.handler = { context in
      #expect(!DrainOrder.isDrain(context.process), "a handler was given an order")
      return ProcessOutput(result: "done \(context.process.id)")
    }
    return harness
  }

  @Test(
    "holds it, takes nothing else, looks at it every second, and resumes when it has ended",
    arguments: [
      FakeQueue.Answer.process(ended(.cancelled)), .process(ended(.successful)), .process(ended(.failed)),
      .process(ended(.waiting)), .error(.notFound),
    ])
  func resumes(answer: FakeQueue.Answer) async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .process(order()), .process(testProcess("p1")))
    try await harness.run { _ in
      for _ in 0..<3 { try await harness.clock.pass(look) }
      try await harness.clock.sleep(in: look)
      #expect(await queue.count(poll) == 1)
      await queue.answer(.get, answer)
      try await harness.clock.pass(look)
      try await queue.until(.close("p1", ["done p1"]))
    }
    #expect(await queue.count(.get("order")) == 4)
    #expect(await !queue.calls.contains(.close("order", nil)))
  }

  @Test("an order that another worker holds now, or this one in another attempt, is over")
  func movedOn() async throws {
    let harness = try harness()
    let queue = harness.queue
    var other = order()
    other.assignedExecutorID = "other"
    var later = order()
    later.retries = 1
    await queue.answer(.assign, .process(order()), .process(order()))
    await queue.answer(.get, .process(other), .process(later))
    try await harness.run { _ in
      try await harness.clock.pass(look)
      try await queue.until { $0.count { $0 == poll } == 2 }
      try await harness.clock.pass(look)
      try await queue.until { $0.count { $0 == poll } == 3 }
    }
  }

  @Test("a worker that is told to drain closes its order, unregisters and ends", arguments: API.allCases)
  func drains(api: API) async throws {
    let harness = try harness(api)
    let queue = harness.queue
    await queue.answer(.assign, .process(order(api)))
    try await harness.run { _ in try await harness.clock.sleep(in: look) }
    #expect(await queue.calls.suffix(2) == [.close("order", nil), .unregister("w")])
  }

  @Test("while the server is away it stays cordoned, until the lease ends")
  func unreachable() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .process(order(lease: .seconds(10))))
    for _ in 0..<100 { await queue.answer(.get, .error(.unreachable)) }
    try await harness.run { _ in
      var passed = Duration.zero
      while passed < .seconds(10) {
        try await harness.clock.sleep(in: .nanoseconds(1)...(.milliseconds(1250)))
        #expect(await queue.count(poll) == 1)
        passed += try await harness.clock.pass(.nanoseconds(1)...(.milliseconds(1250)))
      }
      #expect(passed == .seconds(10))
      try await queue.until { $0.count { $0 == poll } == 2 }
    }
    #expect(harness.log.count(.warning) == 1)
  }

  @Test("a look that is never answered does not outlast the lease")
  func unanswered() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .process(order(lease: .seconds(3))))
    await queue.answer(.get, .held(Gate()))
    try await harness.run { _ in
      try await harness.clock.pass(look)
      try await queue.until(.get("order"))
      // The rest of the lease, less than the five seconds that a look may take.
      try await harness.clock.pass(.milliseconds(1700)...(.milliseconds(2300)))
      try await queue.until { $0.count { $0 == poll } == 2 }
    }
  }

  @Test("a jump of the clock beyond the lease ends the order")
  func clockJump() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .process(order()))
    try await harness.run { _ in
      try await harness.clock.sleep(in: look)
      harness.clock.advance(by: .seconds(3600))
      try await queue.until { $0.count { $0 == poll } == 2 }
    }
  }

  @Test("a worker with work in hand gives the order back as failed, and says that it is busy")
  func busy() async throws {
    var harness = try harness()
    harness.configuration.concurrency = 2
    let gate = Gate()
    harness.handler = { _ in
      await gate.wait()
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    await queue.answer(.assign, .process(testProcess("p1")), .process(order()))
    try await harness.run { _ in
      try await queue.until(.fail("order", [Worker.refusal]))
      // And it goes on taking work.
      try await queue.until { $0.count { $0 == poll } == 3 }
      gate.open()
    }
    #expect(await queue.count(.close("p1", ["done"])) == 1)
  }

  @Test("a worker that cannot give an order back, because the server is away, is not stuck")
  func refusalDuringOutage() async throws {
    var harness = try harness()
    harness.configuration.concurrency = 2
    let (gate, answer) = (Gate(), Gate())
    harness.handler = { _ in
      await gate.wait()
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1")), .process(order(lease: .seconds(3600))))
    await queue.answer(.fail, .held(answer))
    try await harness.run { worker in
      try await queue.until(.fail("order", [Worker.refusal]))
      clock.advance(by: .seconds(3000))
      #expect(await worker.stuckReason == nil)
      answer.open()
      gate.open()
    }
  }

  @Test("a process that a lost answer gave before the order makes the worker busy")
  func lostBefore() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .error(.unreachable), .process(order()))
    await queue.answer(.listRunning, .processes([]), .processes([order(), testProcess("p1")]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      try await harness.clock.pass(look)
      try await queue.until(.close("p1", ["done p1"]))
    }
    #expect(await queue.count(.fail("order", [Worker.refusal])) == 1)
  }

  @Test("an order that a lost answer gave is found and held")
  func lostOrder() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .error(.unreachable))
    await queue.answer(.listRunning, .processes([order()]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      try await harness.clock.sleep(in: look)
      #expect(await queue.count(poll) == 1)
    }
    #expect(await queue.calls.suffix(2) == [.close("order", nil), .unregister("w")])
  }

  @Test("a cordoned worker is not forgotten by the server")
  func heartbeat() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .process(order(lease: .seconds(600))))
    await queue.answer(.get, .held(Gate()))
    try await harness.run { _ in
      try await harness.clock.pass(look)
      try await queue.until(.get("order"))
      try await harness.clock.pass(.seconds(50)...(.seconds(66)))
      try await queue.until(.assign(timeout: nil, cpu: "-1m", memory: ""))
    }
  }

  @Test("a registration that is lost while cordoned is made anew")
  func registrationLost() async throws {
    let harness = try harness()
    let queue = harness.queue
    await queue.answer(.assign, .process(order()))
    await queue.answer(.get, .error(.denied))
    try await harness.run { _ in
      try await harness.clock.pass(look)
      try await queue.until {
        $0.count { if case .register = $0 { true } else { false } } == 2 && $0.last == poll
      }
    }
  }
}
