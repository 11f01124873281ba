import Colonies
import JSON
import Locking
import Logging
import Testing

@testable import ColoniesWorker

@Suite("Parts of a worker", .timeLimit(.minutes(1)))
struct PartsTests {
  @Test("a backoff doubles up to its limit, and is never exact")
  func backoff() {
    var generator = SplitMix(state: 3)
    var backoff = Backoff(from: .milliseconds(200), to: .seconds(2))
    for limit in [200, 400, 800, 1600, 2000, 2000, 2000] {
      #expect(
        (Duration.milliseconds(limit / 2)...Duration.milliseconds(limit)).contains(
          backoff.next(using: &generator)))
    }
    backoff.reset()
    #expect(backoff.next(using: &generator) <= .milliseconds(200))
    #expect(Set((0..<100).map { _ in backoff.next(using: &generator) }).count > 90)
  }

  @Test("a latch lets everybody pass who waits, before and after it opens")
  func latch() async {
    let latch = Latch()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { await latch.wait() } }
      group.addTask { latch.open() }
    }
    #expect(latch.isOpen)
    await latch.wait()
  }

  @Test("a latch does not hold a cancelled task")
  func latchCancellation() async {
    for _ in 0..<200 {
      let latch = Latch()
      let task = Task { await latch.wait() }
      task.cancel()
      await task.value
      #expect(!latch.isOpen)
    }
  }

  @Test("a log line is one JSON object")
  func jsonLog() throws {
    let lines = Locked<[[UInt8]]>([])
    var logger = Logger(label: "worker") { label in
      var handler = JSONLogHandler(label: label)
      handler.emit = { line in lines.withLock { $0.append(line) } }
      return handler
    }
    logger[metadataKey: "process"] = "p1"
    logger.warning("a \"quoted\"\nmessage", metadata: ["list": ["a", "b"], "nested": ["k": "v"]])
    logger.debug("not at this level")
    let line = try #require(lines.withLock { $0.count == 1 ? $0[0] : nil })
    #expect(line.last == UInt8(ascii: "\n") && line.count { $0 == UInt8(ascii: "\n") } == 1)
    let json = try JSONValue(parsing: line)
    #expect(json["level"] == "warning" && json["logger"] == "worker")
    #expect(json["message"] == "a \"quoted\"\nmessage")
    #expect(json["metadata"] == ["list": ["a", "b"], "nested": ["k": "v"], "process": "p1"])
    #expect(json["time"]?.string?.hasSuffix("Z") == true)
  }

  @Test("a handler can look into the environment")
  func context() {
    var process = testProcess("p")
    process.spec.environment["a"] = "1"
    let context = WorkContext(process: process, timeRemaining: .seconds(3), logger: LogRecorder().logger)
    #expect(context.environmentValue("a") == "1" && context.environmentValue("b") == nil)
    #expect(context.timeRemaining == .seconds(3))
  }
}
