/// What the server refuses to exceed.
public struct ServerLimits: Sendable, Hashable {
  /// Bytes of one request's body. The default fits the largest result of the Fibonacci worker: 4.2 million
  /// digits, a third more in base64.
  public var bodyBytes = 8 << 20
  /// Bytes of all request bodies that are being read or worked on.
  public var bodyBytesInFlight = 256 << 20
  /// Open connections; further ones wait in the listen queue.
  public var connections = 4096
  /// Requests a second from one identity, after a burst of as many.
  public var requestsPerSecond = 10_000
  /// Processes that wait or run, in all colonies.
  public var liveProcesses = 1_000_000
  /// Processes that have ended; beyond it those submitted first are deleted.
  public var endedProcesses = 1_000_000
  /// Colonies.
  public var colonies = 10_000
  /// Registered workers, in all colonies.
  public var registrations = 100_000
  /// Removed workers that are still listed, in one colony. Executor API.
  public var unregisteredExecutors = 1_000
  /// Seconds that a long poll is held at most.
  public var longPollSeconds = 600
  /// Processes in one history reply.
  public var historyReply = 10_000
  /// Bytes of an attribute's value or a text output in a list; longer ones are shortened there.
  public var listedValueBytes = 4096
  /// Bytes of one log message.
  public var logMessageBytes = 16 << 10
  /// Log entries of one process; beyond it the oldest are deleted.
  public var logEntriesPerProcess = 10_000
  /// Seconds without a request for work after which a worker of the executor API is removed; 0 is never.
  public var staleExecutorSeconds = 600

  /// Creates the default limits.
  public init() {}
}
