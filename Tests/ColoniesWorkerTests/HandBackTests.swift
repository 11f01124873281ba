import Colonies
import ColoniesClient
import JSON
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

private let handBack = Duration.seconds(28)...(.seconds(28))

/// What becomes of work that is not done when the grace time of 30 seconds is over.
@Suite("Handing work back", .timeLimit(.minutes(10)))
struct HandBackTests {
  /// A worker that has begun to work on `p1` with a handler that heeds nothing.
  private struct Scene {
    var harness: Harness
    let started = Gate()
    let finish = Latch()

    init(_ api: API, reports: [String] = []) throws {
      harness = try Harness(api)
      let (started, finish) = (started, finish)
      harness.handler = { context in
        for report in reports { context.report(report) }
        started.open()
        // In a task of its own, which the handler's cancellation does not reach.
        await Task.detached { await finish.wait() }.value
        return ProcessOutput(result: "done")
      }
    }

    func run(_ body: (_ worker: Worker) async throws -> Void) async throws -> [ForcedEnd] {
      await harness.queue.answer(.assign, .process(testProcess("p1")))
      let (requests, request) = AsyncStream<StopRequest>.makeStream()
      let ends = Locked<[ForcedEnd]>([])
      let worker = harness.makeWorker()
      let finish = finish
      try await withTaskCancellationHandler {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            try await worker.run(until: requests) { end in
              ends.withLock { $0.append(end) }
              finish.open()
            }
          }
          await started.wait()
          request.yield(.drain)
          try await body(worker)
          try await group.waitForAll()
        }
      } onCancel: {
        // A test that is over its time does not wait for the handler.
        finish.open()
      }
      return ends.withLock { $0 }
    }
  }

  @Test("unregistering releases it, whatever the handler does")
  func releases() async throws {
    let scene = try Scene(.executor)
    let ends = try await scene.run { _ in try await scene.harness.clock.pass(handBack) }
    #expect(ends == [.graceEnded])
    let calls = await scene.harness.queue.calls
    #expect(calls.last == .unregister("w"))
    #expect(!calls.contains(.close("p1", ["done"])))
  }

  @Test("a server with both APIs releases it in the runtime API too")
  func releasesInRuntimeAPI() async throws {
    let scene = try Scene(.runtime)
    await scene.harness.queue.answer(.answersExecutorAPI, .fine)
    let ends = try await scene.run { _ in try await scene.harness.clock.pass(handBack) }
    #expect(ends == [.graceEnded])
    #expect(await scene.harness.queue.calls.last == .unregister("w"))
  }

  @Test("with an upstream server of 2022 the work goes on, and may be done in the last seconds")
  func goesOn() async throws {
    let scene = try Scene(.runtime)
    let ends = try await scene.run { _ in
      try await scene.harness.clock.pass(handBack)
      try await scene.harness.clock.sleep(in: .milliseconds(1500)...(.milliseconds(1500)))
      #expect(await !scene.harness.queue.calls.contains(.unregister("w")))
      scene.finish.open()
    }
    #expect(ends == [.graceEnded])
    #expect(await scene.harness.queue.calls.suffix(2) == [.close("p1", nil), .unregister("w")])
  }

  @Test("with an upstream server of 2022 work that is not done at the very end is left to its lease")
  func leftToLease() async throws {
    let scene = try Scene(.runtime)
    let ends = try await scene.run { _ in
      try await scene.harness.clock.pass(handBack)
      try await scene.harness.clock.pass(.milliseconds(1500)...(.milliseconds(1500)))
    }
    #expect(ends == [.graceEnded])
    #expect(await scene.harness.queue.calls.suffix(1) == [.unregister("w")])
  }

  @Test("if the user chose so it is closed as failed, with the reason", arguments: API.allCases)
  func fails(api: API) async throws {
    var scene = try Scene(api)
    scene.harness.configuration.unfinished = .fail
    let ends = try await scene.run { _ in try await scene.harness.clock.pass(handBack) }
    #expect(ends == [.graceEnded])
    #expect(
      await scene.harness.queue.calls.suffix(2) == [
        .fail("p1", [Worker.unfinishedReason]), .unregister("w"),
      ])
  }

  @Test("a result does not wait for progress any more once the work is handed back")
  func resultBeforeProgress() async throws {
    let scene = try Scene(.executor, reports: ["begun"])
    await scene.harness.queue.answer(.addLog, .held(Gate()))
    let ends = try await scene.run { _ in
      try await scene.harness.clock.sleep(in: handBack)
      scene.harness.clock.advance(by: .milliseconds(27_900))
      scene.finish.open()
      // It waits for the log.
      try await scene.harness.clock.sleep(in: .seconds(2)...(.seconds(2)))
      scene.harness.clock.advance(by: .milliseconds(100))
      try await scene.harness.queue.until(.close("p1", ["done"]))
    }
    #expect(ends == [.graceEnded])
    #expect(await scene.harness.queue.calls.suffix(2) == [.close("p1", ["done"]), .unregister("w")])
  }

  @Test("nothing is begun any more while the work is handed back")
  func beginsNothing() async throws {
    var scene = try Scene(.executor)
    scene.harness.configuration.concurrency = 2
    scene.harness.configuration.unfinished = .fail
    let (queue, log, clock) = (scene.harness.queue, scene.harness.log, scene.harness.clock)
    let (started, finish) = (scene.started, scene.finish)
    scene.harness.handler = { _ in
      // Draining gives the next request up, so what it was given has to be found.
      try await queue.until { $0.count { $0 == poll } == 2 }
      started.open()
      await Task.detached { await finish.wait() }.value
      return ProcessOutput(result: "done")
    }
    let (found, failed) = (Gate(), Gate())
    await queue.answer(.listRunning, .heldProcesses(found, [testProcess("p2")]))
    await queue.answer(.fail, .held(failed))
    let ends = try await scene.run { _ in
      try await queue.until(.listRunning)
      try await clock.pass(handBack)
      try await queue.until(.fail("p1", [Worker.unfinishedReason]))
      found.open()
      try await log.until(.notice) { $0.contains { $0.contains("a lost answer gave") } }
      failed.open()
    }
    #expect(ends == [.graceEnded])
    #expect(log.texts(.info).count { $0.hasPrefix("working") } == 1)
    #expect(await queue.calls.last == .unregister("w"))
  }

  @Test("a result that is on its way arrives before the registration is given up")
  func resultOnItsWay() async throws {
    let scene = try Scene(.executor)
    let answer = Gate()
    await scene.harness.queue.answer(.close, .held(answer))
    let ends = try await scene.run { _ in
      scene.finish.open()
      try await scene.harness.queue.until(.close("p1", ["done"]))
      try await scene.harness.clock.pass(handBack)
      try await scene.harness.clock.sleep(in: .milliseconds(1500)...(.milliseconds(1500)))
      #expect(await scene.harness.queue.calls.last == .close("p1", ["done"]))
      answer.open()
    }
    #expect(ends == [.graceEnded])
    #expect(await scene.harness.queue.calls.last == .unregister("w"))
    #expect(scene.harness.log.texts(.info).contains { $0.contains("closed as successful") })
  }
}
