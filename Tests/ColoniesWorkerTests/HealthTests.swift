import Colonies
import ColoniesClient
import Files
import Glibc
import JSON
import Locking
import Logging
import TestSupport
import Testing
import Timekeeping

@testable import ColoniesWorker

private let beat = Duration.seconds(5)...(.seconds(5))

@Suite("A worker's health", .timeLimit(.minutes(10)))
struct HealthTests {
  private let directory = TemporaryDirectory()
  private var stateFile: StateFile { StateFile(path: directory.file("state.json")) }
  private var file: HealthFile { HealthFile(of: stateFile) }

  private func harness() throws -> Harness {
    var harness = try Harness()
    harness.configuration.stateFile = stateFile
    return harness
  }

  /// Makes the latest sign of life old.
  private func forget() {
    var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, file.path, &times, 0) == 0)
  }

  private var isAlive: Bool { (try? file.health(limit: .seconds(30)).isHealthy) == true }

  @Test("the age of the sign of life decides, and a clock that is set back does not")
  func age() throws {
    #expect(try file.health(limit: .seconds(30)) == .absent(path: file.path))
    try file.touch()
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    let time = Duration.seconds(status.st_mtim.tv_sec) + .nanoseconds(status.st_mtim.tv_nsec)
    let limit = Duration.seconds(30)
    #expect(try file.health(limit: limit, now: time + limit) == .alive(age: limit))
    #expect(try file.health(limit: limit, now: time - .seconds(3600)) == .alive(age: .zero))
    let late = limit + .milliseconds(1)
    #expect(try file.health(limit: limit, now: time + late) == .silent(age: late))
    try file.touch()
    #expect(isAlive)
  }

  @Test("a folder that does not exist is named")
  func noFolder() {
    let file = HealthFile(of: StateFile(path: "/nowhere/state.json"))
    let error = #expect(throws: WorkerError.self) { try file.touch() }
    #expect(error?.message == "cannot write /nowhere/state.json.health: No such file or directory")
  }

  @Test("a worker is alive before it reaches its server, and leaves no file behind")
  func lifetime() async throws {
    let harness = try harness()
    await harness.queue.answer(.resolve, .held(Gate()))
    let worker = harness.makeWorker()
    let task = Task { try await worker.run() }
    try await harness.clock.sleep(in: beat)
    #expect(isAlive)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try file.health(limit: .seconds(30)) == .absent(path: file.path))
  }

  @Test("a worker at work is alive, however long that takes")
  func working() async throws {
    var harness = try harness()
    let started = Gate()
    let gate = Gate()
    harness.handler = { _ in
      started.open()
      await gate.wait()
      return ProcessOutput(result: "done")
    }
    await harness.queue.answer(.assign, .process(testProcess("p1")))
    let done = harness
    try await harness.run { _ in
      await started.wait()
      try await done.clock.sleep(in: beat)
      for _ in 0..<3 {
        forget()
        done.clock.advance(by: .seconds(3600))
        try await done.clock.sleep(in: beat)
        #expect(isAlive)
      }
      gate.open()
      try await done.queue.until(.close("p1", ["done"]))
    }
  }

  @Test("a handler that goes on for a minute after its lease has ended is stuck, until it ends")
  func unheeding() async throws {
    var harness = try harness()
    let started = Gate()
    let gate = Latch()
    harness.handler = { _ in
      started.open()
      await Task.detached { await gate.wait() }.value
      return ProcessOutput(result: "done")
    }
    await harness.queue.answer(.assign, .process(testProcess("p1", lease: 30)))
    let done = harness
    try await withTaskCancellationHandler {
      try await harness.run { _ in
        await started.wait()
        done.clock.advance(by: .seconds(30))
        try await done.log.until(.warning) { $0.contains { $0.contains("lease has ended") } }
        try await done.clock.pass(beat) {
          try await done.log.until(.critical) { $0.contains { $0.contains("handler of process p1") } }
        }
        #expect(done.clock.now.offset > .seconds(90))
        try await done.clock.sleep(in: beat)
        forget()
        try await done.clock.pass(beat)
        try await done.clock.sleep(in: beat)
        #expect(!isAlive)
        gate.open()
        try await done.queue.until { $0.count { $0 == .assign(timeout: 10, cpu: "", memory: "") } == 2 }
        try await done.clock.pass(beat)
        try await done.clock.sleep(in: beat)
        #expect(isAlive)
      }
    } onCancel: {
      // A test that is over its time does not wait for the handler.
      gate.open()
    }
  }

  @Test("a loop that stands still is stuck")
  func standstill() async throws {
    let harness = try harness()
    await harness.queue.answer(.assign, .held(Gate()))
    try await harness.run { _ in
      try await harness.queue.until(.assign(timeout: 10, cpu: "", memory: ""))
      try await harness.clock.sleep(in: beat)
      forget()
      harness.clock.advance(by: .seconds(301))
      try await harness.log.until(.critical) { $0.contains { $0.contains("has stood still") } }
      #expect(!isAlive)
    }
  }
}
