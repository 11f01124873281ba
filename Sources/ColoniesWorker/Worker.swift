public import ColoniesClient
internal import Colonies
internal import Locking
public import Logging
internal import Timekeeping

/// Takes processes from a Colonies server and has a handler work on them: one at a time, or as many at once as the
/// configuration's `concurrency` says.
///
/// A worker makes a key of its own, registers and approves itself with the colony's key, takes processes
/// until it is told to drain, and unregisters. It outlives whatever happens to the server in between:
/// restarts, resets and a lost registration cost a warning each.
///
/// What the worker promises about a process it was given: its result is stored and the process closed, or the
/// process is closed as failed with the reason, or its lease ends and the server gives it to another worker.
/// An answer that was lost on the way is asked for again, so a process is closed once.
///
/// An order to drain (`DrainOrder`) is not work: a worker that is given one holds it and takes nothing else until
/// the order has ended.
public actor Worker {
  /// Works on a process, off the worker's actor.
  ///
  /// Its task is cancelled when the lease ends, the registration is lost, or the worker has to end; until the
  /// handler has returned it counts as one of the worker's processes. A `ProcessFailure`'s message, or any other
  /// error's description, goes to the person who submitted the process.
  public typealias Handler = @concurrent @Sendable (WorkContext) async throws -> ProcessOutput

  /// Where the worker is in its life.
  enum State {
    case created
    /// Asks the server for this registration, which may have been granted already.
    case registering(Registration)
    case serving(Registration)
    /// Takes nothing new. What it holds is finished, then the registration given up.
    case draining(Registration)
    case stopped
  }

  let configuration: WorkerConfiguration
  let queue: any WorkQueue
  let time: Timekeeper
  let handler: Handler
  let logger: Logger
  var randomness: any RandomNumberGenerator & Sendable

  var state = State.created
  /// The identity of the latest registration that the server has confirmed. The name of another may be somebody else's.
  var confirmedID: String?
  /// Opened when the worker is to drain. Beside `state`, because tasks wait for it.
  let drainRequested = Latch()
  var connection: Connection
  /// Processes that are the worker's and that it has not begun to work on.
  var held: [Assignment] = []
  /// What it works on.
  var inHand: [Assignment.Attempt: WorkInHand] = [:]
  /// The latest attempts whose lease has ended here. It may have begun a little later at the server, which shows
  /// them as this worker's until then; they are not to be begun again.
  var expired: [Assignment.Attempt] = []
  /// Opened when nothing more is written about what is in hand; made anew by who waits for that.
  var allSettled = Latch()
  /// Opened when giving the registration up is over, well or badly; nil before anybody tries.
  var leaving: Latch?
  /// Whether the grace time was too short for what was in hand.
  var hasHandedBack = false
  /// The order to drain that it holds.
  var cordon: Assignment.Attempt?
  var uncertainty: Uncertainty?
  /// When the loop that takes processes began its present turn; nil while it does not run, or waits for work in
  /// hand to end.
  var turn: Duration?
  /// When the latest request for work, or the latest sign of life that got through, was sent.
  var lastHeard = Duration.zero
  /// Whether the server releases what a removed worker held; nil when it was not asked.
  var knownToRelease: Bool?

  /// Creates a worker; `run()` makes it work.
  /// - Parameters:
  ///   - client: How the server is reached.
  ///   - clock: Measures leases, waits and signs of life.
  ///   - randomness: Spreads the waits of many workers, and names them.
  /// - Precondition: The configuration's numbers are in the ranges that it states.
  public init(
    configuration: WorkerConfiguration, client: ColoniesClient, logger: Logger,
    clock: some Clock<Duration> = ContinuousClock(),
    randomness: some RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
    handler: @escaping Handler
  ) {
    self.init(
      configuration: configuration, queue: client, logger: logger, clock: clock, randomness: randomness,
      handler: handler)
  }

  init(
    configuration: WorkerConfiguration, queue: any WorkQueue, logger: Logger, clock: some Clock<Duration>,
    randomness: some RandomNumberGenerator & Sendable, handler: @escaping Handler
  ) {
    precondition(configuration.concurrency > 0, "a worker works on one process at least")
    precondition(
      configuration.pollTimeout > 0 && configuration.heartbeatInterval > .zero,
      "the time that a request waits, and that between two signs of life, is more than none")
    self.configuration = configuration
    self.queue = queue
    self.logger = logger
    time = Timekeeper(clock)
    self.randomness = randomness
    self.handler = handler
    connection = Connection(logger: logger)
  }

  /// Works until the worker has drained, however long that takes: `run(until:forcedEnd:)` keeps to the grace time and
  /// heeds signals. Runs once.
  ///
  /// Cancelling the calling task ends it without unregistering.
  /// - Throws: `WorkerError` with code `refused` when the server refuses the registration;
  ///   `CancellationError`.
  public func run() async throws {
    guard case .created = state else { return }
    defer { state = .stopped }
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await self.beat() }
      defer { group.cancelAll() }
      try await live()
    }
  }

  private func live() async throws {
    await removePredecessor()
    while let registration = try await register() {
      // Returns when the registration is lost or the worker is to drain.
      await serve(registration)
    }
    try Task.checkCancellation()
    await leave()
  }

  /// Asks the worker to take nothing new, finish what it holds, unregister, and return from `run()`.
  ///
  /// A request for work that waits at the server is given up. The server may have granted it in the same
  /// moment; unregistering then returns the process to the queue at once. (Upstream servers of 2022 leave it
  /// until its lease ends, but they have no waiting requests.)
  public func drain() {
    switch state {
    case .created: state = .stopped
    case .registering(let registration), .serving(let registration):
      logger.info("draining: taking no new processes")
      state = .draining(registration)
    case .draining, .stopped: break
    }
    drainRequested.open()
  }

  var isDraining: Bool {
    switch state {
    case .draining, .stopped: true
    case .created, .registering, .serving: false
    }
  }

  // MARK: Waiting

  /// Waits, or returns earlier when the worker is to drain or the task is cancelled.
  func pause(_ duration: Duration) async {
    let time = time
    // Ends early only by cancellation, which the caller looks at itself.
    await untilDrained { try? await time.sleep(duration) }
  }

  /// Waits with a backoff's next step.
  func pause(_ backoff: inout Backoff) async { await pause(nextWait(&backoff)) }

  func nextWait(_ backoff: inout Backoff) -> Duration { backoff.next(using: &randomness) }

  /// Makes a request that is given up when the worker is to drain.
  func askUntilDrained<Value: Sendable>(
    _ request: @escaping @Sendable () async throws(ColoniesError) -> Value
  ) async throws(ColoniesError) -> Value {
    let answer = await untilDrained { () -> Result<Value, ColoniesError> in
      do throws(ColoniesError) {
        return .success(try await request())
      } catch {
        return .failure(error)
      }
    }
    return try answer.get()
  }

  /// Runs an operation that is cancelled when the worker is to drain, and returns what it made of that.
  func untilDrained<Value: Sendable>(_ operation: @escaping @Sendable () async -> Value) async -> Value {
    let drainRequested = drainRequested
    return await withTaskGroup(of: Value?.self) { group in
      group.addTask { await operation() }
      group.addTask {
        await drainRequested.wait()
        return nil
      }
      var value: Value?
      while let finished = await group.next() {
        group.cancelAll()
        if let finished { value = finished }
      }
      guard let value else { preconditionFailure("the operation has a value") }
      return value
    }
  }
}
