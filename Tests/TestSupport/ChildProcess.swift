internal import Files
package import Glibc
internal import Locking

/// A program that runs beside the test. It ends with its last holder, and with the test itself, however that
/// ends.
package final class ChildProcess: Sendable {
  /// How a program ended.
  package enum Exit: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)
  }

  private let child: Child
  /// What it prints goes here.
  package let logFile: String

  /// Starts a program.
  /// - Parameters:
  ///   - arguments: The path first.
  ///   - environment: Its whole environment; nil for that of the test.
  package init(_ arguments: [String], environment: [String: String]? = nil, logFile: String) throws {
    self.logFile = logFile
    let child = Child(
      try Self.spawn(arguments, environment: environment, input: nil, logFile: logFile))
    self.child = child
    // The watch reads from a pipe that only this process can write to, so it wakes when this process is gone.
    var pipe: [Int32] = [0, 0]
    guard Glibc.pipe(&pipe) == 0 else { throw Failure("no pipe") }
    for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let watch = try Self.spawn(
      ["/bin/sh", "-c", "read line; kill -9 $1", "watch", "\(child.pid)"], input: pipe[0],
      logFile: "/dev/null")
    let descriptors = pipe
    startThread {
      var information = siginfo_t()
      while waitid(P_PID, id_t(child.pid), &information, WEXITED | WNOWAIT) != 0 {}
      // First, as the child's number may be given away as soon as it has been waited for.
      Glibc.kill(watch, SIGKILL)
      waitpid(watch, nil, 0)
      for descriptor in descriptors { close(descriptor) }
      child.reap()
    }
  }

  deinit { child.kill(SIGKILL) }

  package var pid: pid_t { child.pid }

  /// Sends a signal, unless it has ended.
  package func kill(_ signal: Int32) { child.kill(signal) }

  /// Has it stand still until it gets SIGCONT. Returns when all of it does, or when it has ended.
  package func freeze() async {
    let child = child
    await withCheckedContinuation { continuation in
      startThread {
        child.freeze()
        continuation.resume()
      }
    }
  }

  /// Waits for the end, which it brings about with a signal when the task is cancelled: a test that is over its time
  /// does not wait for a program that hangs.
  package func exit(onCancellation signal: Int32 = SIGKILL) async -> Exit {
    let child = child
    return await withTaskCancellationHandler {
      // How it ended is told all the same, so the wait itself is in a task that nobody cancels.
      guard let exit = try? await Task.detached(operation: { try await child.exit.wait() }).value else {
        preconditionFailure("only a cancelled wait fails")
      }
      return exit
    } onCancel: {
      child.kill(signal)
    }
  }

  /// How it ended, or nil while it runs.
  package var exitIfEnded: Exit? { child.exit.value }

  /// What it has printed.
  package var log: String { (try? File.text(logFile, limit: 64 << 20)) ?? "" }

  private static func spawn(
    _ arguments: [String], environment: [String: String]? = nil, input: Int32?, logFile: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, logFile, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Sockets of tests that run at the same time would never be closed if the child had them too.
    for descriptor in 3..<Int32(512) { posix_spawn_file_actions_addclose(&actions, descriptor) }
    let pointers = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { $0.map { strdup("\($0.key)=\($0.value)") } + [nil] }
    defer { for pointer in pointers + (variables ?? []) { free(pointer) } }
    var pid = pid_t()
    let code =
      if let variables {
        posix_spawnp(&pid, arguments[0], &actions, nil, pointers, variables)
      } else {
        posix_spawnp(&pid, arguments[0], &actions, nil, pointers, environ)
      }
    guard code == 0 else { throw Failure("cannot start \(arguments[0]): \(String(cString: strerror(code)))") }
    return pid
  }
}

/// The part of a child that the thread which waits for it shares.
private final class Child: Sendable {
  let pid: pid_t
  let exit = Event<ChildProcess.Exit>()
  private let isReaped = Locked(false)

  init(_ pid: pid_t) { self.pid = pid }

  func kill(_ signal: Int32) {
    // Under the lock, so that the number still is this child's.
    isReaped.withLock { if !$0 { Glibc.kill(pid, signal) } }
  }

  func freeze() {
    // Under the lock, so that nobody has it go on before it stands still, which would be waited for then.
    isReaped.withLock { isReaped in
      guard !isReaped else { return }
      Glibc.kill(pid, SIGSTOP)
      // Until then other threads of it may answer one more request.
      var information = siginfo_t()
      while waitid(P_PID, id_t(pid), &information, WSTOPPED | WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }
  }

  func reap() {
    let status = isReaped.withLock { isReaped in
      var status: Int32 = 0
      waitpid(pid, &status, 0)
      isReaped = true
      return status
    }
    let signal = status & 0x7f
    exit.fire(signal == 0 ? .code(status >> 8 & 0xff) : .signal(signal))
  }
}
