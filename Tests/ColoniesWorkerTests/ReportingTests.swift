import Colonies
import ColoniesClient
import JSON
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

private let second = Duration.seconds(1)...(.seconds(1))

@Suite("What a handler reports", .timeLimit(.minutes(10)))
struct ReportingTests {
  /// Runs one process through a handler until it is closed.
  private func run(
    _ api: API = .executor, lease: Int = -1, script: (FakeQueue) async -> Void = { _ in },
    handler: @escaping Worker.Handler,
    _ body: @escaping @Sendable (Harness) async throws -> Void = { _ in }
  ) async throws -> [FakeQueue.Call] {
    var harness = try Harness(api)
    harness.handler = handler
    let done = harness
    await harness.queue.answer(.assign, .process(testProcess("p1", lease: lease)))
    await script(harness.queue)
    try await harness.run { _ in
      try await body(done)
      try await done.queue.until { $0.contains(where: \.isClose) }
    }
    return await harness.queue.calls
  }

  @Test("messages arrive in order, before the close, and what came together is one entry")
  func order() async throws {
    var harness = try Harness()
    let (queue, clock) = (harness.queue, harness.clock)
    let reported = Gate()
    harness.handler = { context in
      context.report("step 1")
      // It is on its way already when the others come.
      try await queue.until(.addLog("step 1"))
      for number in 2...3 { context.report("step \(number)") }
      reported.open()
      return ProcessOutput(result: "done")
    }
    await queue.answer(.assign, .process(testProcess("p1")))
    await queue.answer(.addLog, .held(reported))
    try await harness.run { _ in
      try await clock.pass(second)
      try await queue.until(.close("p1", ["done"]))
    }
    let calls = await queue.calls
    let logged = calls.compactMap { if case .addLog(let text) = $0 { text } else { nil } }
    #expect(logged == ["step 1", "step 2\nstep 3"])
    let close = try #require(calls.firstIndex(of: .close("p1", ["done"])))
    #expect(try #require(calls.lastIndex { if case .addLog = $0 { true } else { false } }) < close)
  }

  @Test("a flood is bounded, in messages and in requests, and says what was left out")
  func flood() async {
    let progress = ProgressLog()
    for number in 0..<1000 { progress.add("message \(number)") }
    progress.finish()
    let entries = Locked<[String]>([])
    await progress.drain(pause: {}) { entry in
      entries.withLock { $0.append(entry) }
      return true
    }
    let lines = entries.withLock { $0 }.joined(separator: "\n").split(separator: "\n")
    #expect(lines.prefix(100).map(String.init) == (0..<100).map { "message \($0)" })
    #expect(lines.last == "(900 more messages came too fast and were left out)")
    #expect(entries.withLock { $0.count } == 1)
  }

  @Test(
    "a server that does not take progress does not fail the work",
    arguments: [
      ColoniesError.Code.invalidRequest, .notAssigned, .denied,
    ])
  func refusedProgress(code: ColoniesError.Code) async throws {
    let calls = try await run(
      script: { await $0.answer(.addLog, .error(code)) },
      handler: { context in
        context.report("half")
        return ProcessOutput(result: "done")
      })
    #expect(calls.contains(.close("p1", ["done"])))
  }

  @Test("a server that is away holds the close up for two seconds, not longer")
  func awayAtTheEnd() async throws {
    let calls = try await run(
      script: { for _ in 0..<10 { await $0.answer(.addLog, .error(.unreachable)) } },
      handler: { context in
        context.report("half")
        return ProcessOutput(result: "done")
      }
    ) { harness in
      try await harness.queue.until { $0.contains(.addLog("half")) }
      try await harness.clock.sleep(in: .seconds(2)...(.seconds(2)))
      try await harness.clock.pass(second)
      try await harness.queue.until { $0.count { $0 == .addLog("half") } == 2 }
      try await harness.clock.pass(second)
    }
    #expect(calls.contains(.close("p1", ["done"])))
  }

  @Test("progress leaves the result half of what remains of the lease")
  func shortLease() async throws {
    let calls = try await run(
      lease: 3,
      script: { for _ in 0..<10 { await $0.answer(.addLog, .error(.unreachable)) } },
      handler: { context in
        context.report("half")
        return ProcessOutput(result: "done")
      }
    ) { harness in
      try await harness.queue.until { $0.contains(.addLog("half")) }
      try await harness.clock.pass(.milliseconds(1500)...(.milliseconds(1500)))
    }
    #expect(calls.contains(.close("p1", ["done"])))
  }

  @Test("what is awaited is stored, also when the first answer is lost")
  func awaited() async throws {
    let calls = try await run(
      script: { queue in
        await queue.answer(.addLog, .error(.unreachable))
        await queue.answer(.addAttribute, .error(.deadlineExceeded), .error(.alreadyExists))
        var shown = testProcess("p1")
        shown.attributes = [Attribute(processID: "p1", kind: .output, key: "share", value: "50")]
        // Before either is repeated, and to compare.
        await queue.answer(.get, .process(testProcess("p1")), .process(shown), .process(shown))
      },
      handler: { context in
        try await context.log("half")
        try await context.setAttribute("share", to: "50")
        return ProcessOutput(result: "done")
      }
    ) { harness in
      for _ in 0..<2 { try await harness.clock.pass(.milliseconds(100)...(.milliseconds(200))) }
    }
    #expect(calls.count { $0 == .addLog("half") } == 2)
    #expect(calls.count { $0 == .addAttribute(.output, "share", "50") } == 2)
    #expect(calls.contains(.close("p1", ["done"])))
  }

  @Test("an error of what is awaited is the handler's to handle, or its failure")
  func errors() async throws {
    let codes = Locked<[ReportError.Code]>([])
    let calls = try await run(
      script: { queue in
        await queue.answer(.addAttribute, .error(.alreadyExists))
        var shown = testProcess("p1")
        shown.attributes = [Attribute(processID: "p1", kind: .output, key: "share", value: "other")]
        await queue.answer(.get, .process(shown))
        await queue.answer(.addLog, .error(.notAssigned), .error(.invalidRequest, "no"))
      },
      handler: { context in
        let long = String(repeating: "x", count: WorkContext.messageLimit + 1)
        for attempt in ["set", "badKey", "long", "lost"] {
          do {
            switch attempt {
            case "set": try await context.setAttribute("share", to: "50")
            case "badKey": try await context.setAttribute("", to: "50")
            case "long": try await context.log(long)
            default: try await context.log("lost")
            }
          } catch let error as ReportError {
            codes.withLock { $0.append(error.code) }
          }
        }
        try await context.log("refused")
        return ProcessOutput(result: "done")
      })
    #expect(codes.withLock { $0 } == [.alreadySet, .tooLarge, .tooLarge, .lost])
    #expect(calls.contains(.fail("p1", ["no"])))
  }

  @Test("a handler that learns that its process is lost, and says no more, closes nothing")
  func lost() async throws {
    var harness = try Harness()
    harness.handler = { context in
      try await context.log("half")
      return ProcessOutput(result: "done")
    }
    let queue = harness.queue
    await queue.answer(.assign, .process(testProcess("p1")))
    await queue.answer(.addLog, .error(.notAssigned, "another worker's"))
    try await harness.run { _ in try await queue.until { $0.count { $0 == poll } == 2 } }
    #expect(await !queue.calls.contains(where: \.isClose))
    #expect(
      harness.log.texts(.warning).contains { $0.contains("given up") && $0.contains("another worker's") })
  }

  @Test("in the runtime API logs are unsupported, attributes are not, and progress goes to the worker's log")
  func runtime() async throws {
    let codes = Locked<[ReportError.Code]>([])
    let calls = try await run(
      .runtime,
      handler: { context in
        context.report("half")
        do throws(ReportError) {
          try await context.log("half")
        } catch { codes.withLock { $0.append(error.code) } }
        try await context.setAttribute("share", to: "50")
        return ProcessOutput(result: "done")
      })
    #expect(codes.withLock { $0 } == [.unsupported])
    #expect(!calls.contains { if case .addLog = $0 { true } else { false } })
    #expect(calls.contains(.addAttribute(.output, "share", "50")))
  }

  @Test("a handler's tests see what it reports, and decide what it is told")
  func context() async throws {
    let reports = Locked<[WorkContext.Report]>([])
    let context = WorkContext(process: testProcess("p"), logger: LogRecorder().logger) {
      (report) throws(ReportError) in
      reports.withLock { $0.append(report) }
      if case .log = report { throw ReportError(.lost, "gone") }
    }
    context.report("a")
    try await context.setAttribute("k", to: "v")
    await #expect(throws: ReportError(.lost, "gone")) { try await context.log("b") }
    #expect(reports.withLock { $0 } == [.message("a"), .attribute(key: "k", value: "v"), .log("b")])
  }
}
