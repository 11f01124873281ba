import Glibc
import Locking
import TestSupport

/// A program that runs beside the test. Ended when the last holder lets go of it.
final class ChildProcess: Sendable {
  private let pid: pid_t
  private let output = Locked<[UInt8]>([])
  private let finished = Event<Void>()
  private let lines = Locked<[Wanted]>([])

  private struct Wanted: Sendable {
    let text: String
    let isWhole: Bool
    let event: Event<String>
  }

  struct Failed: Error, CustomStringConvertible {
    var description: String
  }

  /// Starts a program found in the `PATH`, with no input, and collects what it prints.
  init(_ arguments: [String]) throws {
    var pipe: [Int32] = [0, 0]
    guard Glibc.pipe(&pipe) == 0 else { throw Failed(description: "no pipe") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
    posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)
    // Sockets of tests that run at the same time would never be closed if the child had them too.
    for descriptor in 3..<Int32(512) { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var pointers = arguments.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    var pid = pid_t()
    let code = posix_spawnp(&pid, arguments[0], &actions, nil, pointers, environ)
    close(pipe[1])
    guard code == 0 else {
      close(pipe[0])
      throw Failed(description: "\(arguments[0]): error \(code)")
    }
    self.pid = pid
    let reading = pipe[0]
    // Not self, so that the thread does not keep the child alive whose end it waits for.
    startThread { [output, lines, finished] in
      Self.read(reading, into: output, lines)
      finished.fire()
    }
  }

  deinit {
    kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  /// Runs a program to its end.
  /// - Returns: What it printed.
  @discardableResult static func run(_ arguments: [String]) async throws -> String {
    let child = try ChildProcess(arguments)
    try await child.finished.wait()
    // Its output is closed, so it is at its end; the child stays known until it is waited for again.
    var information = siginfo_t()
    waitid(P_PID, id_t(child.pid), &information, WEXITED | WNOWAIT)
    let status = information._sifields._sigchld.si_status
    guard status == 0 else {
      throw Failed(description: "\(arguments.joined(separator: " ")): status \(status)\n\(child.text)")
    }
    return child.text
  }

  /// Everything printed so far.
  var text: String { String(decoding: output.withLock { $0 }, as: UTF8.self) }

  /// Waits until a line with this text is printed, and returns it. Throws `CancellationError` when cancelled before.
  /// - Parameter isWhole: Whether the line's end is waited for.
  func line(with text: String, isWhole: Bool = true) async throws -> String {
    let event = Event<String>()
    lines.withLock { $0.append(Wanted(text: text, isWhole: isWhole, event: event)) }
    Self.match(output, lines)
    return try await event.wait()
  }

  private static func read(
    _ descriptor: Int32, into output: Locked<[UInt8]>, _ lines: Locked<[Wanted]>
  ) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      let bytes = Array(buffer[..<count])
      output.withLock { $0 += bytes }
      match(output, lines)
    }
    close(descriptor)
  }

  private static func match(
    _ output: Locked<[UInt8]>, _ lines: Locked<[Wanted]>
  ) {
    let text = String(decoding: output.withLock { $0 }, as: UTF8.self)
    let printed = text.split(separator: "\n", omittingEmptySubsequences: false)
    for wanted in lines.withLock({ $0 }) {
      // What is behind the last line end may be half a line.
      let candidates = wanted.isWhole ? printed.dropLast() : printed[...]
      if let line = candidates.first(where: { $0.contains(wanted.text) }) { wanted.event.fire(String(line)) }
    }
  }
}
