internal import CCurl
internal import Glibc
internal import Locking

/// The transports' threads.
///
/// OpenSSL takes down what it has when the process exits, and a thread's part of it when that thread ends. Both at
/// once crash. So the process joins these threads before OpenSSL's turn comes.
enum LoopThreads {
  private struct Entry: Sendable {
    var thread: pthread_t
    var queue: CommandQueue
  }

  private static let entries = Locked<[Entry]>([])

  /// How long an exit waits for all threads together, in seconds.
  private static let exitSeconds = 2

  /// Has the threads joined at exit. Called once, when OpenSSL is ready: what registers later goes first.
  static func joinAtExit() { atexit { LoopThreads.endAll() } }

  /// Takes a thread that was started, and joins those that have ended.
  static func add(_ thread: pthread_t, _ queue: CommandQueue) {
    let ended = entries.withLock { entries in
      // Asked once of each: a thread may end at any moment, and what is taken out has to be joined.
      let firstEnded = entries.partition { $0.queue.hasEnded }
      let ended = Array(entries[firstEnded...])
      entries.replaceSubrange(firstEnded..., with: [Entry(thread: thread, queue: queue)])
      return ended
    }
    for entry in ended { pthread_join(entry.thread, nil) }
  }

  /// Ends all threads and joins them, except one that is slow to end, and one that calls this.
  private static func endAll() {
    let all = entries.withLock { entries in
      defer { entries = [] }
      return entries
    }
    for entry in all { entry.queue.stop() }
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += exitSeconds
    for entry in all { pthread_timedjoin_np(entry.thread, nil, &deadline) }
  }
}
