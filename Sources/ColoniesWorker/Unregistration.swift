internal import Colonies
public import ColoniesClient
public import Logging
internal import Timekeeping

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Ends a worker from outside, as a pod's `preStop` hook does: asks it to drain, waits for it, and unregisters
/// it. Works as well when the worker is dead already, and any number of times.
public struct Unregistration: Sendable {
  /// What became of the worker.
  public enum Outcome: Sendable, Hashable, CustomStringConvertible {
    /// There is no state file, so there is no worker, or it has unregistered itself.
    case nothingToDo(path: String)
    /// The worker has drained and ended.
    case drained(name: String)
    /// The worker was dead before anybody asked it to drain.
    case wasDead(name: String)
    /// The worker was still there at the end of its grace time, and is unregistered.
    case stillWorking(name: String)
    /// The worker has not unregistered in time, and its work must not be begun twice: it stays registered.
    case leftToLease(name: String)

    /// A sentence for people.
    public var description: String {
      switch self {
      case .nothingToDo(let path): "no worker to unregister: there is no \(path)"
      case .drained(let name): "worker \(name) has drained and is unregistered"
      case .wasDead(let name): "worker \(name) had ended and is unregistered"
      case .stillWorking(let name):
        "worker \(name) has not finished its work in time and is unregistered: the server gives the work to others"
          + " at once, or an upstream server of 2022 when its lease ends"
      case .leftToLease(let name):
        "worker \(name) has not unregistered in time, and what it may hold must not be begun twice: it stays"
          + " registered, and its work waits for the lease (WORKER_UNFINISHED=fail)"
      }
    }
  }

  /// Whether a worker's process is there, and how it is told to drain.
  struct Processes: Sendable {
    var isAlive: @Sendable (ProcessIdentity) -> Bool
    var askToDrain: @Sendable (ProcessIdentity) -> Bool
  }

  /// The signal that asks a worker to drain. Unlike SIGTERM it may come any number of times.
  public static let drainSignal: Int32 = SIGUSR1

  private let configuration: WorkerConfiguration
  private let queue: any WorkQueue
  private let time: Timekeeper
  private let logger: Logger
  private let processes: Processes

  /// Creates an unregistration of the worker that the configuration's state file names.
  public init(
    configuration: WorkerConfiguration, client: ColoniesClient, logger: Logger,
    clock: some Clock<Duration> = ContinuousClock()
  ) {
    self.init(
      configuration: configuration, queue: client, logger: logger, clock: clock,
      processes: Processes(isAlive: \.isAlive, askToDrain: { $0.signal(Self.drainSignal) }))
  }

  init(
    configuration: WorkerConfiguration, queue: any WorkQueue, logger: Logger, clock: some Clock<Duration>,
    processes: Processes
  ) {
    self.configuration = configuration
    self.queue = queue
    self.logger = logger
    time = Timekeeper(clock)
    self.processes = processes
  }

  /// Ends the worker. Takes no longer than the configuration's grace time, which is the worker's own too, and
  /// some seconds to unregister it if it did not end by then: a worker that is alive hands its work back itself.
  /// - Throws: `WorkerError`: code `stateFile` when the file is not readable, `refused` when the server refuses
  ///   and `unreachable` when it does not answer in time; `CancellationError`.
  public func run() async throws -> Outcome {
    guard let file = configuration.stateFile else { return .nothingToDo(path: "state file") }
    guard let content = try file.read() else { return .nothingToDo(path: file.path) }
    let end = time.now() + configuration.grace
    let wasAlive = processes.askToDrain(content.process)
    if wasAlive {
      logger.info("asked the worker to drain", metadata: ["pid": "\(content.process.number)"])
      while processes.isAlive(content.process), time.now() < end {
        try await time.sleep(Self.checkInterval)
      }
    }
    let isAlive = processes.isAlive(content.process)
    // Meanwhile it may have been confirmed, or have registered anew. A file that it took away is that of a worker
    // that has unregistered itself.
    if let latest = try file.read(), latest.process == content.process {
      // Unregistering would have what the worker could not close as failed begun again.
      if wasAlive, configuration.unfinished == .fail {
        try file.remove(ifOf: content.process)
        return .leftToLease(name: content.name)
      }
      try await removeExecutor(latest, until: max(end, time.now() + configuration.handBackTime))
    }
    guard !isAlive else { return .stillWorking(name: content.name) }
    try file.remove(ifOf: content.process)
    return wasAlive ? .drained(name: content.name) : .wasDead(name: content.name)
  }

  private static var checkInterval: Duration { .milliseconds(100) }

  private func removeExecutor(_ content: StateFile.Content, until end: Duration) async throws {
    var backoff = Backoff(from: .milliseconds(200), to: .seconds(2))
    var randomness = SystemRandomNumberGenerator()
    while true {
      do {
        // A request has a deadline of its own, but that may be long after the end.
        return try await time.within(end - time.now()) { [queue, configuration] in
          try await queue.removeExecutor(of: content, in: configuration.colony, key: configuration.colonyKey)
        }
      } catch let error as DeadlineError {
        throw WorkerError(.unreachable, "could not unregister the worker: \(error)")
      } catch let error as ColoniesError where error.code == .notFound {
        // A worker that drains unregisters itself.
        return
      } catch let error as ColoniesError where error.isTransient {
        logger.debug("the server does not answer", metadata: ["error": "\(error)"])
        try await time.sleep(min(backoff.next(using: &randomness), max(end - time.now(), .zero)))
        guard time.now() < end else { throw WorkerError(.unreachable, "\(error)") }
      } catch let error as ColoniesError where error.code != .cancelled {
        throw WorkerError(.refused, "\(error)")
      } catch {
        // Nothing else is left: the task is cancelled.
        throw CancellationError()
      }
    }
  }
}
