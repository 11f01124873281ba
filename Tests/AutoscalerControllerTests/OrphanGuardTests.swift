import Glibc
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("The guard against orphaned workers", .timeLimit(.minutes(10)))
struct OrphanGuardTests {
  private let folder = TemporaryDirectory()
  private let log = TestLog()
  private let announcements: Announcements

  init() {
    announcements = Announcements(folder)
    // A pipe that the scripts wait at.
    mkfifo("\(announcements.path).gate", 0o600)
  }

  /// Starts a shell in a process group of its own.
  private func spawn(_ script: String) -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    // Threads of the concurrency runtime block signals, which a child would inherit.
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    let texts: [String] = ["sh", "-c", script, announcements.path]
    var arguments: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Sockets of tests that run at the same time would never be closed if the shell had them too.
    for descriptor in 3..<Int32(512) { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var pid: pid_t = 0
    precondition(posix_spawn(&pid, "/bin/sh", &actions, &attributes, &arguments, environ) == 0)
    return pid
  }

  @Test("groups that are left when the socket closes are ended, others are not")
  func endsWhatIsLeft() async throws {
    let worker = """
      trap 'echo "term $$" > "$0"; exit 0' TERM
      exec 3<> "$0.gate"
      echo "$$" > "$0"
      read line <&3
      """
    let left = spawn(worker)
    let ended = spawn(worker)
    #expect(Set(await announcements.next(2)) == ["\(left)", "\(ended)"])
    let guardian = OrphanGuard(
      grace: .seconds(30), time: Timekeeper(ContinuousClock()), logger: log.logger)
    async let running: Void = guardian.run()
    try await log.line("guardStarted")
    await guardian.add(left)
    await guardian.add(ended)
    await guardian.remove(ended)
    // As when the autoscaler is killed: the socket closes, and nobody says more.
    await guardian.end()
    #expect(await announcements.next() == ["term \(left)"])
    #expect(waitpid(left, nil, 0) == left)
    #expect(kill(ended, 0) == 0)
    kill(-ended, SIGKILL)
    #expect(waitpid(ended, nil, 0) == ended)
    await running
  }

  @Test("a group that does not end within the grace period is killed")
  func kills() async throws {
    let stubborn = spawn("trap '' TERM; echo ready > \"$0\"; while :; do sleep 600; done")
    #expect(await announcements.next() == ["ready"])
    let guardian = OrphanGuard(
      grace: .zero, time: Timekeeper(ContinuousClock()), logger: log.logger)
    let state = try StateFolder()
    fclose(fopen(state.stateFile(of: "w").path, "w"))
    async let running: Void = guardian.run(stateFolder: state)
    try await log.line("guardStarted")
    await guardian.add(stubborn)
    await guardian.end()
    await running
    #expect(access(state.path, F_OK) != 0)
    var status: CInt = 0
    #expect(waitpid(stubborn, &status, 0) == stubborn)
    #expect(status & 0x7f == SIGKILL)
  }
}
