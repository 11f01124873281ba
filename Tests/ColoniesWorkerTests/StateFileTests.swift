import Colonies
import ColoniesClient
import Files
import Glibc
import Locking
import Logging
import TestSupport
import Testing

@testable import ColoniesWorker

extension TemporaryDirectory {
  fileprivate var stateFile: StateFile { StateFile(path: file("state.json")) }
}

private let dead = ProcessIdentity(number: .max, startTime: 1)

@Suite("The state file", .timeLimit(.minutes(10)))
struct StateFileTests {
  @Test("what is written is read, and only by its owner")
  func roundTrip() throws {
    let directory = TemporaryDirectory()
    let content = StateFile.Content(id: "abc", name: "pod_1 \"x\"", process: .current, isConfirmed: true)
    try directory.stateFile.write(content)
    #expect(try directory.stateFile.read() == content)
    var status = stat()
    #expect(stat(directory.stateFile.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("a missing file is nobody's")
  func missing() throws {
    #expect(try TemporaryDirectory().stateFile.read() == nil)
  }

  @Test(
    "another text is refused", arguments: ["", "{}", "null", "{\"id\": \"a\", \"name\": \"b\", \"pid\": -1}"])
  func garbage(text: String) throws {
    let directory = TemporaryDirectory()
    try File.replace(directory.stateFile.path, with: text)
    #expect(throws: WorkerError.self) { try directory.stateFile.read() }
  }

  @Test("a file that is too large is refused")
  func tooLarge() throws {
    let directory = TemporaryDirectory()
    try File.replace(directory.stateFile.path, with: String(repeating: " ", count: File.sizeLimit + 1))
    #expect(throws: FileError(.read, directory.stateFile.path, code: EFBIG)) {
      try File.text(directory.stateFile.path)
    }
  }

  @Test("a file of another user is refused", .enabled(if: geteuid() == 0))
  func foreign() throws {
    let directory = TemporaryDirectory()
    try directory.stateFile.write(.init(id: "a", name: "b", process: .current, isConfirmed: true))
    #expect(chown(directory.stateFile.path, 12_345, 12_345) == 0)
    let error = #expect(throws: WorkerError.self) { try directory.stateFile.read() }
    #expect(error?.message.hasSuffix("Permission denied") == true)
  }

  @Test("a folder that does not exist is named")
  func noFolder() {
    let file = StateFile(path: "/nowhere/at/all.json")
    let error = #expect(throws: WorkerError.self) {
      try file.write(.init(id: "a", name: "b", process: .current, isConfirmed: true))
    }
    #expect(error?.message == "cannot write /nowhere/at/all.json: No such file or directory")
  }

  @Test("a worker writes the file before it registers and removes it at its end")
  func lifetime() async throws {
    let directory = TemporaryDirectory()
    let file = directory.stateFile
    var harness = try Harness()
    harness.configuration.stateFile = file
    let queue = harness.queue
    let gate = Gate()
    await queue.answer(.register, .held(gate))
    try await harness.run { _ in
      try await queue.until(.register("w"))
      let content = try file.read()
      #expect(content?.name == "w" && content?.process == .current && content?.isConfirmed == false)
      gate.open()
      try await queue.until(.approve("w"))
      #expect(try file.read()?.isConfirmed == true)
    }
    #expect(try file.read() == nil)
  }

  @Test("the file of a worker that could not unregister stays, for its successor")
  func failedUnregistration() async throws {
    let directory = TemporaryDirectory()
    var harness = try Harness()
    harness.configuration.stateFile = directory.stateFile
    let queue = harness.queue
    await queue.answer(.unregister, .error(.denied))
    try await harness.run { _ in try await queue.until(.approve("w")) }
    #expect(try directory.stateFile.read()?.name == "w")
  }

  /// A worker that finds the state file of one that has died.
  private func harnessAfterDead(isConfirmed: Bool, in directory: TemporaryDirectory) throws -> Harness {
    try directory.stateFile.write(.init(id: "abc", name: "old", process: dead, isConfirmed: isConfirmed))
    var harness = try Harness()
    harness.configuration.stateFile = directory.stateFile
    return harness
  }

  @Test("a worker unregisters its dead predecessor")
  func predecessor() async throws {
    let directory = TemporaryDirectory()
    let harness = try harnessAfterDead(isConfirmed: true, in: directory)
    let queue = harness.queue
    try await harness.run { _ in try await queue.until(.approve("w")) }
    #expect(await queue.calls.first == .unregister("old"))
  }

  @Test("a worker that is told to drain does not wait until its predecessor is unregistered")
  func drainBesidePredecessor() async throws {
    let directory = TemporaryDirectory()
    let harness = try harnessAfterDead(isConfirmed: true, in: directory)
    let queue = harness.queue
    await queue.answer(.unregister, .held(Gate()))
    try await harness.run { _ in try await queue.until(.unregister("old")) }
    #expect(await queue.calls == [.unregister("old")])
  }

  @Test("a worker does not unregister by its name a predecessor that was not confirmed")
  func unconfirmedPredecessor() async throws {
    let directory = TemporaryDirectory()
    let harness = try harnessAfterDead(isConfirmed: false, in: directory)
    let queue = harness.queue
    try await harness.run { _ in try await queue.until(.approve("w")) }
    #expect(await queue.calls.first == .register("w"))
  }

  @Test("a worker leaves the file of another living one alone")
  func otherWorker() async throws {
    let directory = TemporaryDirectory()
    let parent = try #require(ProcessIdentity(number: getppid()))
    let content = StateFile.Content(id: "abc", name: "other", process: parent, isConfirmed: true)
    try directory.stateFile.write(content)
    var harness = try Harness()
    harness.configuration.stateFile = directory.stateFile
    let queue = harness.queue
    try await harness.run { _ in try await queue.until(.approve("w")) }
    #expect(try directory.stateFile.read() == content)
    #expect(harness.log.count(.warning) == 1)
  }

  @Test("a process is known by its number and its beginning")
  func identity() throws {
    #expect(ProcessIdentity.current.isAlive && ProcessIdentity.current.startTime > 0)
    #expect(!ProcessIdentity(number: getpid(), startTime: 1).isAlive)
    #expect(!dead.isAlive && !dead.signal(0))
    #expect(
      ProcessIdentity.startTime(stat: "1 (a) b) R 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 77 0") == 77)
    #expect(
      ProcessIdentity.startTime(stat: "1 (a) Z 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 77 0") == nil)
    #expect(ProcessIdentity.uniqueName() != ProcessIdentity.uniqueName())
  }
}

@Suite("Unregistering from outside", .timeLimit(.minutes(10)))
struct UnregistrationTests {
  private struct Bench {
    let directory: TemporaryDirectory
    let queue: FakeQueue
    let clock = TestClock()
    let isAlive = Locked(true)
    let requests = Locked(0)
    let unregistration: Unregistration

    init(
      state: Bool = true, isConfirmed: Bool = true, api: API = .executor, grace: Duration = .seconds(30),
      unfinished: WorkerConfiguration.Unfinished = .release
    ) throws {
      queue = FakeQueue(api)
      directory = TemporaryDirectory()
      var configuration = WorkerConfiguration(
        endpoint: Endpoint(host: "localhost", port: 1, usesTLS: false), colony: ColonyReference(name: "dev"),
        colonyKey: PrivateKey(), executorType: "test", name: "other", grace: grace,
        stateFile: directory.stateFile)
      configuration.unfinished = unfinished
      let (isAlive, requests) = (isAlive, requests)
      unregistration = Unregistration(
        configuration: configuration, queue: queue, logger: LogRecorder().logger, clock: clock,
        processes: Unregistration.Processes(
          isAlive: { _ in isAlive.withLock { $0 } },
          askToDrain: { _ in
            requests.withLock { $0 += 1 }
            return isAlive.withLock { $0 }
          }))
      if state { try write(isConfirmed: isConfirmed) }
    }

    func write(isConfirmed: Bool) throws {
      try directory.stateFile.write(.init(id: "abc", name: "w", process: dead, isConfirmed: isConfirmed))
    }
  }

  @Test("a worker that drains is waited for")
  func drains() async throws {
    let bench = try Bench()
    async let outcome = bench.unregistration.run()
    for _ in 0..<5 { try await bench.clock.pass(.milliseconds(100)...(.milliseconds(100))) }
    try await bench.clock.sleep(in: .milliseconds(100)...(.milliseconds(100)))
    bench.isAlive.withLock { $0 = false }
    bench.clock.advance(by: .milliseconds(100))
    #expect(try await outcome == .drained(name: "w"))
    #expect(bench.requests.withLock { $0 } == 1)
    #expect(try bench.directory.stateFile.read() == nil)
  }

  @Test("a worker that does not end in time is unregistered, so that its work is free")
  func stillWorking() async throws {
    let bench = try Bench()
    async let outcome = bench.unregistration.run()
    try await bench.clock.sleep(in: .milliseconds(100)...(.milliseconds(100)))
    bench.clock.advance(by: .seconds(28))
    // The worker hands its work back in this time.
    try await bench.clock.sleep(in: .milliseconds(100)...(.milliseconds(100)))
    #expect(await bench.queue.calls.isEmpty)
    bench.clock.advance(by: .seconds(2))
    #expect(try await outcome == .stillWorking(name: "w"))
    #expect(await bench.queue.calls == [.unregister("w")])
    #expect(try bench.directory.stateFile.read() != nil)
  }

  @Test("a worker whose work must not be begun twice stays registered when it did not unregister itself")
  func leftToLease() async throws {
    let bench = try Bench(unfinished: .fail)
    async let outcome = bench.unregistration.run()
    try await bench.clock.sleep(in: .milliseconds(100)...(.milliseconds(100)))
    bench.isAlive.withLock { $0 = false }
    bench.clock.advance(by: .seconds(30))
    #expect(try await outcome == .leftToLease(name: "w"))
    #expect(await bench.queue.calls.isEmpty)
    #expect(try bench.directory.stateFile.read() == nil)
  }

  @Test("a dead worker is unregistered, again and again if need be")
  func wasDead() async throws {
    let bench = try Bench()
    bench.isAlive.withLock { $0 = false }
    await bench.queue.answer(.unregister, .error(.notFound))
    #expect(try await bench.unregistration.run() == .wasDead(name: "w"))
    #expect(try await bench.unregistration.run() == .nothingToDo(path: bench.directory.stateFile.path))
  }

  @Test(
    "of a worker that was not confirmed the name may be another one's: only an id unregisters it",
    arguments: API.allCases)
  func unconfirmed(api: API) async throws {
    let bench = try Bench(isConfirmed: false, api: api)
    bench.isAlive.withLock { $0 = false }
    #expect(try await bench.unregistration.run() == .wasDead(name: "w"))
    #expect(await bench.queue.calls == (api == .executor ? [] : [.unregister("w")]))
    #expect(try bench.directory.stateFile.read() == nil)
  }

  @Test("a worker that was confirmed while it was waited for is unregistered")
  func confirmedMeanwhile() async throws {
    let bench = try Bench(isConfirmed: false)
    async let outcome = bench.unregistration.run()
    try await bench.clock.sleep(in: .milliseconds(100)...(.milliseconds(100)))
    try bench.write(isConfirmed: true)
    bench.clock.advance(by: .seconds(30))
    #expect(try await outcome == .stillWorking(name: "w"))
    #expect(await bench.queue.calls == [.unregister("w")])
  }

  @Test("no state file is nothing to do")
  func nothing() async throws {
    let bench = try Bench(state: false)
    let outcome = try await bench.unregistration.run()
    #expect(outcome.description == "no worker to unregister: there is no \(bench.directory.stateFile.path)")
    #expect(await bench.queue.calls.isEmpty)
  }

  @Test("a server that is away is asked until the end of the grace time")
  func unreachable() async throws {
    let bench = try Bench(grace: .seconds(4))
    bench.isAlive.withLock { $0 = false }
    for _ in 0..<50 { await bench.queue.answer(.unregister, .error(.unreachable)) }
    let task = Task { try await bench.unregistration.run() }
    var passed = Duration.zero
    while passed < .seconds(4) { passed += try await bench.clock.pass(.nanoseconds(1)...(.seconds(2))) }
    let error = await #expect(throws: WorkerError.self) { try await task.value }
    #expect(error?.code == .unreachable)
    #expect(try bench.directory.stateFile.read() != nil, "another attempt is possible")
  }

  @Test("a server that does not answer is waited for until the end of the grace time, not longer")
  func unanswered() async throws {
    let bench = try Bench(grace: .seconds(4))
    bench.isAlive.withLock { $0 = false }
    await bench.queue.answer(.unregister, .held(Gate()))
    let task = Task { try await bench.unregistration.run() }
    try await bench.clock.pass(.seconds(4)...(.seconds(4)))
    let error = await #expect(throws: WorkerError.self) { try await task.value }
    #expect(error?.code == .unreachable)
    #expect(await bench.queue.calls == [.unregister("w")])
  }

  @Test("a refusal is an error")
  func refused() async throws {
    let bench = try Bench()
    bench.isAlive.withLock { $0 = false }
    await bench.queue.answer(.unregister, .error(.denied))
    let error = await #expect(throws: WorkerError.self) { try await bench.unregistration.run() }
    #expect(error?.code == .refused)
  }
}
