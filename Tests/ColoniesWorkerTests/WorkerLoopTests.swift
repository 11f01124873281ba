import Colonies
import ColoniesClient
import JSON
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

private typealias Call = FakeQueue.Call

@Suite("A worker's life", .timeLimit(.minutes(10)))
struct WorkerLoopTests {
  @Test("registers, approves, takes, stores, closes, drains and unregisters, in this order")
  func order() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    try await harness.run { _ in
      try await harness.queue.until { $0.last == poll && $0.count { $0 == poll } == 2 }
    }
    #expect(
      await harness.queue.calls == [
        .register("w"), .approve("w"), poll, .addAttribute(.output, "result", "done p1"),
        .close("p1", ["done p1"]), poll, .cancelled, .unregister("w"),
      ])
    #expect(harness.log.count(.warning) == 0 && harness.log.count(.error) == 0)
  }

  @Test("speaks the runtime API without long polls and without output")
  func runtimeOrder() async throws {
    let harness = try Harness(.runtime)
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    try await harness.run { _ in try await harness.clock.sleep(in: .milliseconds(100)...(.milliseconds(200)))
    }
    #expect(
      await harness.queue.calls == [
        .register("w"), .approve("w"), ask, .addAttribute(.output, "result", "done p1"), .close("p1", nil),
        ask, .unregister("w"),
      ])
  }

  @Test("offers what it has")
  func offers() async throws {
    var harness = try Harness()
    harness.configuration.cores = 2
    harness.configuration.memory = 1000
    let queue = harness.queue
    try await harness.run { _ in
      try await queue.until { $0.contains(.assign(timeout: 10, cpu: "2000m", memory: "1000Mi")) }
    }
  }

  @Test("an empty queue is asked less and less often, up to every two seconds, and not mentioned")
  func idleBackoff() async throws {
    let harness = try Harness(.runtime)
    try await harness.run { _ in
      for limit in [200, 400, 800, 1600, 2000, 2000] {
        try await harness.clock.pass(.milliseconds(limit / 2)...(.milliseconds(limit)))
      }
      // Work makes it ask at once again.
      try await harness.clock.sleep(in: .seconds(1)...(.seconds(2)))
      await harness.queue.answer(.assign, .process(testProcess("p1")))
      try await harness.clock.pass(.seconds(1)...(.seconds(2)))
      try await harness.clock.sleep(in: .milliseconds(100)...(.milliseconds(200)))
    }
    #expect(await harness.queue.count(.close("p1", nil)) == 1)
    #expect(harness.log.count(.warning) == 0 && harness.log.count(.notice) == 0)
  }

  @Test("a server that does not hold a long poll is not asked without pause")
  func shortLongPoll() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .error(.queueEmpty))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
      try await harness.queue.until { $0.count { $0 == poll } == 2 }
    }
  }

  @Test("a server that is away for a while costs one warning and one notice")
  func unreachable() async throws {
    let harness = try Harness()
    let away = FakeQueue.Answer.error(.unreachable)
    await harness.queue.answer(.resolve, away, away)
    await harness.queue.answer(.register, away)
    await harness.queue.answer(.approve, away, away)
    await harness.queue.answer(.listWorkers, .workers([.pending]))
    await harness.queue.answer(.assign, away, away, .process(testProcess("p1")))
    await harness.queue.answer(.register, .error(.alreadyExists))
    try await harness.run { _ in
      for limit in [500, 1000, 500, 500, 1000, 500, 1000] {
        try await harness.clock.pass(.milliseconds(limit / 2)...(.milliseconds(limit)))
      }
      try await harness.queue.until(.close("p1", ["done p1"]))
    }
    #expect(await harness.queue.count(.register("w")) == 2)
    #expect(harness.log.count(.warning) == 3, "at the start, while approving, while serving")
    #expect(harness.log.count(.notice) == 3)
  }

  @Test(
    "a refused registration ends the worker", arguments: [ColoniesError.Code.denied, .notFound, .untrusted])
  func refused(code: ColoniesError.Code) async throws {
    let harness = try Harness()
    await harness.queue.answer(.register, .error(code))
    await #expect(throws: WorkerError.self) { try await harness.makeWorker().run() }
  }

  @Test("a name that is taken gets an addition that no host name contains")
  func nameTaken() async throws {
    let harness = try Harness()
    await harness.queue.answer(.register, .error(.alreadyExists))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(50)...(.milliseconds(100)))
      try await harness.queue.until(poll)
    }
    let names = await harness.queue.calls.compactMap {
      if case .register(let name) = $0 { name } else { nil }
    }
    #expect(names.count == 2 && names[0] == "w" && names[1].hasPrefix("w_") && names[1].count == 10)
  }

  @Test("a lost registration is made anew, with another key and name")
  func registrationLost() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .error(.denied), .process(testProcess("p1")))
    try await harness.run { _ in try await harness.queue.until(.close("p1", ["done p1"])) }
    let calls = await harness.queue.calls
    let names = calls.compactMap { if case .register(let name) = $0 { name } else { nil } }
    #expect(names.count == 2 && names[1].hasPrefix("w_"))
    #expect(await Set(harness.queue.keys).count == 2)
    #expect(calls.last == .unregister(names[1]))
    #expect(harness.log.count(.warning) == 1)
  }

  @Test("a worker that the owner rejects waits to be approved again, under its own name")
  func rejected() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .error(.denied), .error(.denied), .process(testProcess("p1")))
    await harness.queue.answer(.listWorkers, .workers([.rejected]), .workers([.rejected]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(500)...(.seconds(1)))
      try await harness.clock.pass(.seconds(1)...(.seconds(2)))
      try await harness.queue.until(.close("p1", ["done p1"]))
    }
    #expect(await harness.queue.calls.count { if case .register = $0 { true } else { false } } == 1)
    #expect(harness.log.count(.warning) == 1)
  }

  @Test("a worker that is pending approves itself again")
  func pendingAgain() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .error(.denied), .process(testProcess("p1")))
    await harness.queue.answer(.listWorkers, .workers([.pending]))
    try await harness.run { _ in try await harness.queue.until(.close("p1", ["done p1"])) }
    #expect(await harness.queue.count(.approve("w")) == 2)
  }

  @Test("a process that an answer gave and that was lost on the way is found")
  func lostAssign() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .error(.unreachable))
    var other = testProcess("other")
    other.assignedExecutorID = "another worker"
    await harness.queue.answer(.listRunning, .processes([other, testProcess("p1")]), .processes([]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      try await harness.queue.until { $0.contains(.close("p1", ["done p1"])) && $0.count { $0 == poll } == 2 }
    }
    #expect(await harness.queue.count(.listRunning) == 2)
    #expect(await !harness.queue.calls.contains(.close("other", ["done other"])))
  }

  @Test(
    "the lease of a process that is found began after the search before, and one that has ended is not begun again"
  )
  func lostAssignLease() async throws {
    var harness = try Harness()
    let remaining = Locked<Duration?>(nil)
    let started = Gate()
    harness.handler = { context in
      remaining.withLock { $0 = context.timeRemaining }
      started.open()
      await Gate().wait()
      try Task.checkCancellation()
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    let done = harness
    await queue.answer(.assign, .error(.unreachable), .error(.unreachable), .error(.queueEmpty))
    await queue.answer(.listRunning, .processes([]), .processes([testProcess("p1", lease: 3)]))
    await queue.answer(.listRunning, .processes([testProcess("p1", lease: 3)]))
    try await harness.run { _ in
      let first = try await done.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      let second = try await done.clock.pass(.milliseconds(500)...(.seconds(1)))
      await started.wait()
      #expect(first > .zero && remaining.withLock { $0 } == .seconds(3) - second)
      done.clock.advance(by: .seconds(3) - second)
      // Found again, and left to the server.
      try await queue.until { $0.count { $0 == .listRunning } == 3 && $0.last == poll }
    }
    #expect(harness.log.texts(.info).count { $0.hasPrefix("working") } == 1)
  }

  @Test("a lost process is found behind the end of a list that is cut off")
  func lostAssignBehindList() async throws {
    let harness = try Harness()
    let queue = harness.queue
    await queue.answer(.assign, .error(.unreachable))
    await queue.answer(.listRunning, .processes(runningElsewhere(100)))
    await queue.answer(.listHeld, .processes([testProcess("p1")]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      try await queue.until(.close("p1", ["done p1"]))
    }
  }

  @Test("where a server has no history, a list that is cut off tells what it can")
  func lostAssignWithoutHistory() async throws {
    let harness = try Harness()
    let queue = harness.queue
    await queue.answer(.assign, .error(.unreachable))
    await queue.answer(.listRunning, .processes(runningElsewhere(99) + [testProcess("p1")]))
    await queue.answer(.listHeld, .error(.unsupported))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(250)...(.milliseconds(500)))
      try await queue.until(.close("p1", ["done p1"]))
    }
  }

  @Test("a server that stood still may grant a lost request after it has answered again")
  func lostAssignAfterStandstill() async throws {
    let harness = try Harness()
    let queue = harness.queue
    await queue.answer(.assign, .error(.deadlineExceeded))
    // Longer than any server holds a request for work.
    for _ in 0..<8 { await queue.answer(.listRunning, .error(.deadlineExceeded)) }
    await queue.answer(.listRunning, .processes([]), .processes([testProcess("p1")]))
    await queue.answer(.assign, .error(.queueEmpty))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(100)...(.seconds(15))) {
        try await queue.until(.close("p1", ["done p1"]))
      }
    }
  }

  @Test("cancelling the task ends the worker without another request")
  func cancellation() async throws {
    let harness = try Harness()
    let worker = harness.makeWorker()
    let task = Task { try await worker.run() }
    try await harness.queue.until(poll)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(await harness.queue.calls == [.register("w"), .approve("w"), poll, .cancelled])
  }
}

@Suite("A worker and a process", .timeLimit(.minutes(10)))
struct WorkerProcessTests {
  @Test("a failure closes as failed with its sentence")
  func failure() async throws {
    var harness = try Harness()
    harness.handler = { _ in throw ProcessFailure("fibonacciNum is missing") }
    let queue = harness.queue
    await queue.answer(.assign, .process(testProcess("p1")))
    try await harness.run { _ in try await queue.until(.fail("p1", ["fibonacciNum is missing"])) }
    #expect(await queue.calls.contains { if case .addAttribute = $0 { true } else { false } } == false)
  }

  @Test("in the runtime API the sentence is an attribute, stored before the close")
  func runtimeFailure() async throws {
    struct Other: Error, CustomStringConvertible { let description = "the disk is full" }
    var harness = try Harness(.runtime)
    harness.handler = { _ in throw Other() }
    let queue = harness.queue
    await queue.answer(.assign, .process(testProcess("p1")))
    try await harness.run { _ in try await queue.until { $0.last == ask } }
    let calls = await queue.calls
    let text = "the disk is full"
    #expect(calls.prefix(5).suffix(2) == [.addAttribute(.error, "error", text), .fail("p1", [text])])
  }

  @Test("a close whose answer was lost is repeated")
  func lostClose() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    await harness.queue.answer(.addAttribute, .error(.deadlineExceeded), .error(.alreadyExists))
    await harness.queue.answer(.close, .error(.unreachable), .error(.serverFailure))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
      try await harness.clock.pass(.milliseconds(200)...(.milliseconds(400)))
      try await harness.queue.until { $0.count { $0 == poll } == 2 }
    }
    #expect(await harness.queue.count(.close("p1", ["done p1"])) == 3)
    #expect(await harness.queue.count(.addAttribute(.output, "result", "done p1")) == 2)
    #expect(harness.log.texts(.info).contains { $0.contains("closed as successful") })
  }

  @Test("a close whose answer was lost and that was done is not repeated")
  func doneWithoutAnswer() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    await harness.queue.answer(.close, .error(.unreachable))
    await harness.queue.answer(.get, .process(testProcess("p1", state: .successful)))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
      try await harness.queue.until { $0.count { $0 == poll } == 2 }
    }
    #expect(await harness.queue.count(.close("p1", ["done p1"])) == 1)
    #expect(harness.log.texts(.info).contains { $0.contains("closed as successful") })
  }

  @Test("a close whose answer was lost is not repeated to a later attempt, not even the worker's own")
  func laterAttempt() async throws {
    let harness = try Harness()
    var later = testProcess("p1")
    later.retries = 1
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    await harness.queue.answer(.close, .error(.unreachable))
    await harness.queue.answer(.get, .process(later))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
      try await harness.queue.until { $0.count { $0 == poll } == 2 }
    }
    #expect(await harness.queue.count(.close("p1", ["done p1"])) == 1)
    #expect(harness.log.texts(.warning).contains { $0.contains("discarded") })
  }

  @Test(
    "a process that is not the worker's any more is let go",
    arguments: [ColoniesError.Code.notAssigned, .notFound])
  func discarded(code: ColoniesError.Code) async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")), .process(testProcess("p2")))
    await harness.queue.answer(.close, .error(code, "not yours"))
    try await harness.run { _ in try await harness.queue.until(.close("p2", ["done p2"])) }
    #expect(await harness.queue.count(.close("p1", ["done p1"])) == 1)
    #expect(harness.log.texts(.warning).contains { $0.contains("discarded") && $0.contains("not yours") })
  }

  @Test("a failure that the server does not take for a while is reported when it does")
  func failureDuringFault() async throws {
    var harness = try Harness()
    harness.handler = { _ in throw ProcessFailure("wrong") }
    let (queue, clock) = (harness.queue, harness.clock)
    await queue.answer(.assign, .process(testProcess("p1")))
    for _ in 0..<15 { await queue.answer(.fail, .error(.serverFailure)) }
    try await harness.run { _ in
      try await clock.pass(.milliseconds(100)...(.seconds(5))) {
        try await queue.until { $0.count { $0 == .fail("p1", ["wrong"]) } == 16 && $0.last == poll }
      }
    }
    #expect(harness.log.texts(.info).contains { $0.contains("closed as failed") })
  }

  @Test("a failure whose reason comes too late does not end a later attempt")
  func failureTooLate() async throws {
    var harness = try Harness(.runtime)
    harness.handler = { _ in throw ProcessFailure("wrong") }
    let queue = harness.queue
    await queue.answer(.assign, .process(testProcess("p1")))
    await queue.answer(.addAttribute, .error(.notAssigned))
    try await harness.run { _ in try await queue.until { $0.last == ask } }
    #expect(await !queue.calls.contains(where: \.isClose))
    #expect(harness.log.texts(.warning).contains { $0.contains("the failure is not reported") })
  }

  @Test("a close is not repeated beyond the lease")
  func closeUntilLease() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1", lease: 3)))
    for _ in 0..<20 { await harness.queue.answer(.close, .error(.unreachable)) }
    try await harness.run { _ in
      var passed = Duration.zero
      while passed < .seconds(3) {
        passed += try await harness.clock.pass(.milliseconds(1)...(.seconds(3)))
      }
      try await harness.queue.until { $0.count { $0 == poll } == 2 }
      #expect(passed == .seconds(3))
    }
    #expect(harness.log.texts(.warning).contains { $0.contains("lease has ended") })
  }

  @Test("a result that the server does not take closes as failed")
  func refusedResult() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    await harness.queue.answer(.addAttribute, .error(.invalidRequest, "too large"))
    try await harness.run { _ in
      try await harness.queue.until(.fail("p1", ["The result was not stored: too large"]))
    }
  }

  @Test("a result that the server never answers, while it answers all else, closes as failed")
  func unansweredResult() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    for _ in 0..<10 { await harness.queue.answer(.addAttribute, .error(.unreachable, "reset")) }
    try await harness.run { _ in
      for _ in 0..<10 { try await harness.clock.pass(.milliseconds(100)...(.seconds(5))) }
      try await harness.queue.until(.fail("p1", ["The result was not stored: reset"]))
    }
  }

  @Test("an outage loses no result, however many attempts fall into it")
  func outage() async throws {
    var harness = try Harness()
    let queue = harness.queue
    let clock = harness.clock
    harness.handler = { _ in
      await queue.setAway(true)
      return ProcessOutput(result: "done")
    }
    await queue.answer(.assign, .process(testProcess("p1")))
    await queue.answer(.addAttribute, .error(.unreachable))
    try await harness.run { _ in
      for _ in 0..<12 { try await clock.pass(.milliseconds(100)...(.seconds(5))) }
      try await clock.sleep(in: .milliseconds(100)...(.seconds(5)))
      // Another write fails before the connection is what it was.
      await queue.setAway(false)
      try await clock.pass(.milliseconds(100)...(.seconds(5))) {
        try await queue.until { $0.contains(where: \.isClose) }
      }
    }
    #expect(await queue.calls.filter(\.isClose) == [.close("p1", ["done"])])
  }

  @Test("a server that wants fewer requests is given time, and loses neither the worker nor a result")
  func tooManyRequests() async throws {
    let harness = try Harness()
    let queue = harness.queue
    let full = FakeQueue.Answer.error(.tooManyRequests)
    await queue.answer(.register, full)
    await queue.answer(.approve, full)
    await queue.answer(.assign, full, .process(testProcess("p1")))
    for _ in 0..<12 { await queue.answer(.addAttribute, full) }
    await queue.answer(.close, full)
    await queue.answer(.unregister, full)
    let worker = harness.makeWorker()
    async let end: Void = worker.run()
    try await harness.clock.pass(.milliseconds(100)...(.seconds(5))) {
      try await queue.until { $0.contains(where: \.isClose) && $0.last == poll }
      await worker.drain()
      try await queue.until { $0.count { $0 == .unregister("w") } == 2 }
    }
    try await end
    #expect(await queue.calls.filter(\.isClose) == [.close("p1", ["done p1"]), .close("p1", ["done p1"])])
    // It is certain that none of them gave it a process.
    #expect(await !queue.calls.contains(.listRunning))
  }

  @Test("a worker that is rejected while it works waits to close")
  func rejectedWhileWorking() async throws {
    let harness = try Harness()
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    await harness.queue.answer(.close, .error(.denied))
    await harness.queue.answer(.listWorkers, .workers([.rejected]))
    try await harness.run { _ in
      try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200)))
      try await harness.queue.until { $0.count { $0 == poll } == 2 }
    }
    #expect(await harness.queue.count(.close("p1", ["done p1"])) == 2)
  }

  @Test("the end of the lease cancels the handler, and nothing is closed")
  func deadline() async throws {
    var harness = try Harness()
    let started = Gate()
    let gate = Gate()
    harness.handler = { context in
      #expect(context.timeRemaining == .seconds(30))
      started.open()
      await gate.wait()
      #expect(Task.isCancelled && context.timeRemaining == .zero)
      return ProcessOutput(result: "too late")
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1", lease: 30)))
    try await harness.run { _ in
      await started.wait()
      try await clock.pass(.seconds(30)...(.seconds(30)))
      try await queue.until { $0.count { $0 == poll } == 2 }
    }
    #expect(await queue.calls == [.register("w"), .approve("w"), poll, poll, .cancelled, .unregister("w")])
    #expect(harness.log.texts(.warning).contains { $0.contains("lease has ended") })
  }

  @Test("long work sends a sign of life every minute or so, and one that does not get through soon again")
  func heartbeats() async throws {
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
    await queue.answer(.assign, .process(testProcess("p1")))
    await queue.answer(.heartbeat, .error(.queueEmpty), .error(.unreachable), .error(.queueEmpty))
    try await harness.run { _ in
      await started.wait()
      for _ in 0..<2 { try await clock.pass(.seconds(54)...(.seconds(66))) }
      try await clock.pass(.milliseconds(500)...(.seconds(1)))
      try await clock.sleep(in: .seconds(54)...(.seconds(66)))
      gate.open()
      try await queue.until(.close("p1", ["done"]))
    }
    #expect(await queue.count(heartbeat) == 3)
  }

  @Test("a sign of life that is given a process loses nothing")
  func heartbeatWithProcess() async throws {
    var harness = try Harness()
    let gate = Gate()
    let started = Gate()
    harness.handler = { context in
      started.open()
      await gate.wait()
      return ProcessOutput(result: context.process.id)
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1")))
    await queue.answer(.heartbeat, .process(testProcess("p2")))
    try await harness.run { _ in
      await started.wait()
      try await clock.pass(.seconds(54)...(.seconds(66)))
      try await clock.sleep(in: .seconds(54)...(.seconds(66)))
      gate.open()
      try await queue.until(.close("p2", ["p2"]))
    }
    #expect(harness.log.count(.error) == 1)
  }

  @Test("a registration that is lost during work ends the work")
  func lostDuringWork() async throws {
    var harness = try Harness()
    let gate = Gate()
    let started = Gate()
    harness.handler = { _ in
      started.open()
      await gate.wait()
      try Task.checkCancellation()
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1")), .error(.denied))
    await queue.answer(.heartbeat, .error(.denied))
    try await harness.run { _ in
      await started.wait()
      try await clock.pass(.seconds(54)...(.seconds(66)))
      try await queue.until {
        $0.count { if case .register = $0 { true } else { false } } == 2 && $0.last == poll
      }
    }
    #expect(await queue.count(.close("p1", ["done"])) == 0)
  }

  @Test("the runtime API has no signs of life, since they would take work")
  func noRuntimeHeartbeat() async throws {
    var harness = try Harness(.runtime)
    let gate = Gate()
    harness.handler = { _ in
      await gate.wait()
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    let clock = harness.clock
    await queue.answer(.assign, .process(testProcess("p1", lease: 3600)))
    try await harness.run { _ in
      try await clock.sleep(in: .seconds(3600)...(.seconds(3600)))
      clock.advance(by: .seconds(3000))
      gate.open()
      try await queue.until(.close("p1", nil))
    }
    #expect(await queue.count(ask) <= 2)
  }

  @Test("a reason of any length is cut to what fits", arguments: [4096, 4097, 100_000])
  func longReason(length: Int) {
    let reason = String(repeating: "å", count: length / 2) + (length % 2 == 1 ? "x" : "")
    let cut = reason.truncated(toBytes: 4096)
    #expect(cut.utf8.count <= 4096)
    #expect(cut == reason || cut.hasSuffix("å…"))
  }
}
