import Glibc
import JSON
import Locking
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("Local worker processes", .timeLimit(.minutes(10)))
struct LocalProcessTargetTests {
  private let folder = TemporaryDirectory()
  private let log = TestLog()
  private let announcements: Announcements
  private let busy = Locked<Set<String>?>([])

  private struct Denied: Error, CustomStringConvertible {
    let description = "denied"
  }

  init() {
    announcements = Announcements(folder)
    // Pipes that the scripts wait at.
    for name in ["gate", "other"] { mkfifo("\(announcements.path).\(name)", 0o600) }
  }

  /// A worker that says where it is, registers under its name, and ends when it is asked to. It waits without a
  /// child of its own: a shell can lose a signal while it starts one.
  private static let worker = """
    trap 'echo "term $COLONIES_EXECUTOR_NAME" > "$PIPE"; exit 0' TERM
    echo "{\\"id\\":\\"$COLONIES_EXECUTOR_NAME\\"}" > "$WORKER_STATE_FILE"
    exec 3<> "$PIPE.gate"
    echo "$COLONIES_EXECUTOR_NAME" > "$PIPE"
    read line <&3
    """

  /// A worker that does not end when it is asked to.
  private static let stubborn = """
    trap '' TERM
    echo "$COLONIES_EXECUTOR_NAME" > "$PIPE"
    sleep 600
    """

  /// How long the target sleeps while something of a killed worker's group is still there.
  private static let groupPollTime = Duration.zero...LocalProcessTarget.groupPollInterval

  /// Runs a target while the body runs, and ends it.
  private func run(
    _ script: String, grace: Duration = .seconds(30), clock: TestClock? = nil, logsToFiles: Bool = false,
    _ body: (LocalProcessTarget) async throws -> Void
  ) async throws {
    let local = LocalProcessConfiguration(
      command: ["/bin/sh", "-c", script], environment: ["PIPE": announcements.path], gracePeriod: grace,
      logDirectory: logsToFiles ? "\(folder.path)/a/logs" : nil)
    let busy = busy
    let time = clock.map { Timekeeper($0) } ?? Timekeeper(ContinuousClock())
    let target = LocalProcessTarget(try .sample("fib"), local, time: time, logger: log.logger) {
      guard let busy = busy.withLock({ $0 }) else { throw Denied() }
      return busy
    }
    let running = Task { await target.run() }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(target))
    } catch {
      result = .failure(error)
    }
    await target.end()
    // Whoever does not end in good order is given the time to be killed.
    if let clock { await clock.pass { await running.value } } else { await running.value }
    try result.get()
  }

  private func set(_ replicas: Int, _ target: LocalProcessTarget) async throws {
    try await target.setReplicas(replicas, basedOn: target.observe().revision)
  }

  /// The names of the next workers, once the target knows of them too.
  private func started(_ count: Int = 1) async throws -> [String] {
    let names = await announcements.next(count)
    for name in names { try await log.line("workerStarted") { $0["worker"] == .string(name) } }
    return names
  }

  private func pids() -> [pid_t] {
    log.lines("workerStarted").compactMap { $0["metadata"]?["pid"]?.int.map(pid_t.init) }
  }

  private func isThere(_ pid: pid_t) -> Bool { kill(pid, 0) == 0 }

  @Test("as many are started as are asked for, each with its own name, and none is left in the end")
  func startAndEnd() async throws {
    try await run(Self.worker) { target in
      #expect(await target.observe().replicas == 0)
      try await set(3, target)
      let names = try await started(3)
      #expect(Set(names).count == 3)
      #expect(Set(names.map { $0.dropLast(6) }) == ["fib-1-", "fib-2-", "fib-3-"])
      #expect(await target.observe().replicas == 3)
      #expect(await target.processCount == 3)
      await target.end()
      #expect(Set(await announcements.next(3)) == Set(names.map { "term \($0)" }))
    }
    #expect(log.lines("workerExited").map { $0["metadata"]?["exitStatus"] } == [0, 0, 0])
    #expect(pids().count == 3)
    #expect(pids().allSatisfy { !isThere($0) })
  }

  @Test("workers are ready once they say that they have registered")
  func ready() async throws {
    try await run(Self.worker) { target in
      #expect(await target.observe().ready == 0)
      try await set(2, target)
      _ = try await started(2)
      #expect(await target.observe().ready == 2)
    }
  }

  @Test("workers that never say whether they have registered are not known to be ready")
  func silent() async throws {
    let clock = TestClock()
    try await run("exec 3<> \"$PIPE.gate\"; echo x > \"$PIPE\"; read line <&3", clock: clock) { target in
      try await set(1, target)
      _ = await announcements.next()
      try await log.line("workerStarted")
      #expect(await target.observe().ready == 0)
      clock.advance(by: .seconds(60))
      #expect(await target.observe().ready == nil)
    }
  }

  @Test("an idle worker is drained first, and only that one")
  func idleFirst() async throws {
    try await run(Self.worker) { target in
      try await set(3, target)
      let names = try await started(3)
      let idle = names[1]
      busy.withLock { $0 = [names[0], names[2]] }
      try await set(2, target)
      #expect(await announcements.next() == ["term \(idle)"])
      let line = try await log.line("workerExited")
      #expect(line["metadata"]?["worker"] == .string(idle))
      #expect(log.lines("workerDraining").map { $0["metadata"]?["idle"] } == ["yes"])
      #expect(await target.observe().replicas == 2)
    }
  }

  @Test("when it is not known who is idle, the newest is drained first, one by one")
  func newestFirst() async throws {
    try await run(Self.worker) { target in
      var names: [String] = []
      for count in 1...3 {
        try await set(count, target)
        names += try await started()
      }
      busy.withLock { $0 = nil }
      try await set(1, target)
      #expect(await announcements.next(2) == ["term \(names[2])", "term \(names[1])"])
      #expect(log.lines("workerDraining").map { $0["metadata"]?["idle"] } == ["unknown", "unknown"])
      #expect(
        log.messages("idleUnknown") == [
          "draining the newest workers first, as it is not known which are idle: denied"
        ])
    }
  }

  @Test("one that drains does not count, so a raise starts a new one beside it, and no more than that")
  func raiseWhileDraining() async throws {
    let clock = TestClock()
    try await run(Self.stubborn, clock: clock) { target in
      try await set(2, target)
      let names = try await started(2)
      try await set(0, target)
      try await log.line("workerDraining")
      try await set(2, target)
      let third = try await started()
      #expect(Set(names + third).count == 3)
      #expect(await target.processCount == 3)
      // The one that was to follow is not drained any more.
      try await clock.pass(.seconds(30) ... .seconds(30))
      try await clock.pass(Self.groupPollTime) { _ = try await log.line("workerExited") }
      #expect(log.lines("workerDraining").count == 1)
      #expect(await target.processCount == 2)
    }
  }

  @Test("a worker that does not end within the grace period is killed")
  func killed() async throws {
    let clock = TestClock()
    try await run(Self.stubborn, grace: .seconds(20), clock: clock) { target in
      try await set(1, target)
      _ = try await started()
      await target.end()
      try await clock.pass(.seconds(20) ... .seconds(20))
      let line = try await clock.pass(Self.groupPollTime) { try await log.line("workerExited") }
      #expect(line["metadata"]?["signal"] == 9)
      #expect(log.messages("workerKilled").count == 1)
    }
    #expect(pids().allSatisfy { !isThere($0) })
  }

  @Test("a worker that crashes is started again, each time after twice as long")
  func crash() async throws {
    let clock = TestClock()
    try await run("exit 3", clock: clock) { target in
      try await set(1, target)
      for wait in [1, 2, 4, 8] {
        let line = try await log.line("workerExited") { $0["restartInSeconds"]?.double == Double(wait) }
        #expect(line["metadata"]?["exitStatus"] == 3)
        #expect(line["level"] == "warning")
        #expect(
          line["message"]?.string?.hasSuffix("exited with status 3; the next one starts in \(wait) s") == true
        )
        try await clock.pass(.seconds(wait) ... .seconds(wait))
      }
      // One that waits to be started again goes at once.
      try await log.line("workerExited") { $0["restartInSeconds"]?.double == 16 }
      try await set(0, target)
    }
    #expect(Set(pids()).count == 5)
  }

  @Test("a program that is not there is told, and looked for again")
  func missingProgram() async throws {
    let clock = TestClock()
    let local = LocalProcessConfiguration(command: ["no-such-program"])
    let target = LocalProcessTarget(
      try .sample("fib"), local, time: Timekeeper(clock), logger: log.logger
    ) { [] }
    async let running: Void = target.run()
    try await set(1, target)
    let line = try await log.line("workerNotStarted")
    #expect(line["message"]?.string?.hasPrefix("no worker could be started: ") == true)
    #expect(line["message"]?.string?.contains("no-such-program") == true)
    try await clock.pass(.seconds(1) ... .seconds(1))
    try await log.line("workerNotStarted") { $0["restartInSeconds"]?.double == 2 }
    await target.end()
    await running
  }

  @Test("output goes to a log file for each slot")
  func logFiles() async throws {
    try await run("echo out; echo err >&2; \(Self.worker)", logsToFiles: true) { target in
      try await set(2, target)
      _ = await announcements.next(2)
    }
    for slot in 1...2 { #expect(folder.read("a/logs/fib-\(slot).log") == "out\nerr\n") }
  }

  @Test("what a worker started and left behind is ended with it")
  func leftovers() async throws {
    // The worker ends when its helper is ready.
    let script = """
      exec 3<> $PIPE.gate
      sh -c 'trap "echo ended > $PIPE; exit 0" TERM; exec 4<> $PIPE.other; echo go >&3; read line <&4' &
      read line <&3; exit 7
      """
    try await run(script, grace: .seconds(30)) { target in
      try await set(1, target)
      #expect(await announcements.next() == ["ended"])
      let line = try await log.line("workerExited")
      #expect(line["metadata"]?["exitStatus"] == 7)
    }
  }

  @Test("a decision that was based on something older is a conflict")
  func conflict() async throws {
    try await run(Self.worker) { target in
      let revision = await target.observe().revision
      try await target.setReplicas(1, basedOn: revision)
      await #expect(throws: TargetError.self) { try await target.setReplicas(2, basedOn: revision) }
      _ = await announcements.next()
    }
  }
}
