internal import Glibc
internal import Locking
internal import Logging
internal import Subprocess
internal import SystemPackage
internal import Timekeeping

/// Ends the workers when the autoscaler itself has been killed, so that none is left behind for ever.
///
/// A small shell, in a session of its own, is told the process groups of the workers through a socket. When
/// the socket closes, and nothing that ends the autoscaler can prevent that, it asks the groups that are left
/// to terminate, and kills them after the grace period.
///
/// The kernel's own way, `PR_SET_PDEATHSIG`, is of no use here: it looks at the *thread* that started the
/// process, and threads of the concurrency runtime come and go.
actor OrphanGuard {
  private let grace: Duration
  private let time: Timekeeper
  private let logger: Logger
  private var groups: Set<pid_t> = []
  /// Our end of the socket, while the shell runs.
  private var socket: CInt?
  private let ending = Latch()

  init(grace: Duration, time: Timekeeper, logger: Logger) {
    self.grace = grace
    self.time = time
    self.logger = logger
  }

  /// Keeps the shell running until `end()`.
  /// - Parameter stateFolder: A folder that is to be removed with the workers.
  func run(stateFolder: StateFolder? = nil) async {
    while !ending.isOpen, !Task.isCancelled {
      do {
        try await runOnce(stateFolder)
      } catch is CancellationError {
        return
      } catch {
        logger.warning("workers may outlive a killed autoscaler: no guard could be started: \(error)")
      }
      guard !ending.isOpen else { return }
      await ending.whileClosed { [time] in
        // Ends early only when there is nothing more to guard.
        try? await time.sleep(.seconds(10))
      }
    }
  }

  /// The workers have ended; nothing is to be guarded any more.
  func end() {
    ending.open()
    closeSocket()
  }

  func add(_ group: pid_t) {
    groups.insert(group)
    tell("+ \(group)")
  }

  func remove(_ group: pid_t) {
    groups.remove(group)
    tell("- \(group)")
  }

  private func runOnce(_ stateFolder: StateFolder?) async throws {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
    socket = ends[0]
    defer { closeSocket() }
    for group in groups { tell("+ \(group)") }
    var options = PlatformOptions()
    // Apart from the terminal and from whoever signals the autoscaler's process group.
    options.createSession = true
    let seconds = max(grace.components.seconds, 0)
    let result = try await Subprocess.run(
      .path("/bin/sh"),
      arguments: ["-c", Self.script, "colonies-autoscaler-guard", "\(seconds)", stateFolder?.path ?? ""],
      workingDirectory: "/", platformOptions: options,
      input: .fileDescriptor(FileDescriptor(rawValue: ends[1]), closeAfterSpawningProcess: true),
      output: .discarded, error: .discarded
    ) { execution in
      self.logger.debug(
        "started the guard against orphaned workers",
        metadata: [
          "event": "guardStarted", "pid": .stringConvertible(execution.processIdentifier.value),
        ])
    }
    if !ending.isOpen {
      logger.warning(
        "the guard against orphaned workers ended with \(result.terminationStatus); starting it anew")
    }
  }

  private func tell(_ line: String) {
    guard let socket else { return }
    let bytes = Array("\(line)\n".utf8)
    // A shell that is gone is noticed by its exit, and is told everything when it is started anew.
    _ = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
  }

  private func closeSocket() {
    if let socket { close(socket) }
    socket = nil
  }

  /// Reads `+ GROUP` and `- GROUP` until the socket closes, then ends the groups that are left and removes what
  /// they leave behind.
  private static let script = """
    trap '' HUP INT TERM
    groups=
    while read -r sign group; do
      rest=
      for other in $groups; do [ "$other" = "$group" ] || rest="$rest $other"; done
      [ "$sign" = + ] && rest="$rest $group"
      groups=$rest
    done
    for group in $groups; do kill -s TERM -- "-$group"; done
    left=$1
    while :; do
      alive=
      for group in $groups; do kill -s 0 -- "-$group" && alive=yes; done
      [ -n "$alive" ] && [ "$left" -gt 0 ] || break
      sleep 1
      left=$((left - 1))
    done
    for group in $groups; do kill -s KILL -- "-$group"; done
    [ -n "$2" ] && rm -f "$2"/*.json && rmdir "$2"
    """
}
