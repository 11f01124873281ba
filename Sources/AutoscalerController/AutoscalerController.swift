internal import Autoscaling
internal import Colonies
public import ColoniesClient
internal import Files
internal import Locking
public import Logging
public import ServiceLifecycle
internal import Timekeeping

/// Runs the scalers of a configuration, and follows the configuration's changes.
///
/// Each queue is polled by a task of its own and each scaler decides in one, so that what is slow or fails delays
/// nobody else. On a graceful shutdown the targets are ended: a target's own workers are drained.
public actor AutoscalerController: Service {
  /// A scaler that runs.
  private struct Run {
    let configuration: ScalerConfiguration
    let scaler: Scaler
    /// Opened when the scaler and its target have ended.
    let ended: Latch

    /// Whether another configuration needs nothing but other rules.
    func canFollow(_ other: ScalerConfiguration) -> Bool {
      other.queue == configuration.queue && other.executorType == configuration.executorType
        && other.target == configuration.target
    }
  }

  typealias MakeReader = @Sendable (QueueAddress) -> any QueueReader
  typealias MakeTarget = @Sendable (ScalerConfiguration, any QueueReader, Logger) -> any ScalingTarget

  private let initial: AutoscalerConfiguration
  private let initialVersion: FileVersion?
  private let file: ConfigurationFile?
  private let isDryRun: Bool
  private let time: Timekeeper
  private let logger: Logger
  private let makeReader: MakeReader
  private let makeTarget: MakeTarget

  private var runs: [String: Run] = [:]
  private var readers: [QueueAddress: any QueueReader] = [:]
  /// Ends the pollers of the configuration in force.
  private var pollersEnd = Latch()

  /// Creates a controller of what a file says; `run()` makes it work.
  /// - Parameters:
  ///   - isDryRun: Whether nothing is to be changed, only decided and told.
  ///   - makeClient: Makes the client for a server. Called again when it failed.
  /// - Throws: `ConfigurationError` when the file cannot be used. Later changes of it that cannot be used are
  ///   refused, and the last good configuration stays in force.
  public init(
    file: ConfigurationFile, isDryRun: Bool = false, logger: Logger,
    clock: some Clock<Duration> = ContinuousClock(),
    makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) throws(ConfigurationError) {
    // Before it is read, so that a change in between is seen as one.
    let version = file.version
    let time = Timekeeper(clock)
    self.init(
      try file.load(), version: version, file: file, isDryRun: isDryRun, time: time, logger: logger,
      makeReader: { ColoniesQueueReader($0, makeClient: makeClient) },
      makeTarget: { Self.target($0, $1, time, $2) })
  }

  init(
    _ configuration: AutoscalerConfiguration, version: FileVersion? = nil, file: ConfigurationFile? = nil,
    isDryRun: Bool = false, time: Timekeeper, logger: Logger, makeReader: @escaping MakeReader,
    makeTarget: @escaping MakeTarget
  ) {
    initial = configuration
    initialVersion = version
    self.file = file
    self.isDryRun = isDryRun
    self.time = time
    self.logger = logger
    self.makeReader = makeReader
    self.makeTarget = makeTarget
  }

  /// Runs the scalers until the task's graceful shutdown or cancellation.
  public func run() async {
    let (configurations, intake) = AsyncStream.makeStream(
      of: AutoscalerConfiguration.self, bufferingPolicy: .bufferingNewest(1))
    let ending = Latch()
    logger.info("starting", metadata: startMetadata)
    await withGracefulShutdownHandler {
      await withDiscardingTaskGroup { group in
        if let file {
          let watch = ConfigurationWatch(file: file, time: time, logger: logger)
          let version = initialVersion
          group.addTask { await ending.whileClosed { await watch.run(since: version) { intake.yield($0) } } }
        }
        await apply(initial, in: &group)
        for await configuration in configurations { await apply(configuration, in: &group) }
        logger.info("ending", metadata: ["event": "ending"])
        endAll()
      }
    } onGracefulShutdown: {
      ending.open()
      intake.finish()
    }
    logger.info("ended", metadata: ["event": "ended"])
  }

  private var startMetadata: Logger.Metadata {
    var metadata: Logger.Metadata = [
      "event": "starting", "scalers": .stringConvertible(initial.scalers.count),
    ]
    metadata["file"] = file.map { "\($0.path)" }
    if isDryRun { metadata["dryRun"] = .stringConvertible(true) }
    return metadata
  }

  // MARK: Configuration

  private func apply(_ configuration: AutoscalerConfiguration, in group: inout DiscardingTaskGroup) async {
    pollersEnd.open()
    let queues = Dictionary(grouping: configuration.scalers, by: \.queue)
    readers = queues.keys.reduce(into: [:]) { $0[$1] = readers[$1] ?? makeReader($1) }
    var next: [String: Run] = [:]
    for scaler in configuration.scalers {
      if let run = runs[scaler.name], run.canFollow(scaler) {
        await run.scaler.follow(scaler)
        next[scaler.name] = run
      } else {
        runs[scaler.name]?.scaler.end()
        next[scaler.name] = start(scaler, after: runs[scaler.name]?.ended, in: &group)
      }
    }
    for (name, run) in runs where next[name] == nil { run.scaler.end() }
    runs = next
    pollersEnd = Latch()
    for (address, scalers) in queues { poll(address, for: scalers, in: &group) }
  }

  private func start(
    _ configuration: ScalerConfiguration, after predecessor: Latch?, in group: inout DiscardingTaskGroup
  ) -> Run {
    var logger = logger
    logger[metadataKey: "scaler"] = "\(configuration.name)"
    let reader = readers[configuration.queue] ?? makeReader(configuration.queue)
    let made = makeTarget(configuration, reader, logger)
    let target: any ScalingTarget = isDryRun ? ObservedTarget(made) : made
    let scaler = Scaler(configuration, target: target, isDryRun: isDryRun, time: time, logger: logger)
    let ended = Latch()
    group.addTask {
      // Two targets of one scaler must not run at the same time: together they could pass its bounds.
      await predecessor?.wait()
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await target.run() }
        await scaler.run()
        await target.end()
      }
      ended.open()
    }
    return Run(configuration: configuration, scaler: scaler, ended: ended)
  }

  private func poll(
    _ address: QueueAddress, for scalers: [ScalerConfiguration], in group: inout DiscardingTaskGroup
  ) {
    guard let reader = readers[address] else { return }
    let subscribers = scalers.compactMap { configuration in
      runs[configuration.name].map { run in
        QueuePoller.Subscriber(executorType: configuration.executorType) { run.scaler.offer($0) }
      }
    }
    let poller = QueuePoller(
      address: address, reader: reader,
      interval: scalers.map(\.policy.pollInterval).min() ?? .seconds(2), subscribers: subscribers, time: time)
    group.addTask { [pollersEnd] in await pollersEnd.whileClosed { await poller.run() } }
  }

  private func endAll() {
    pollersEnd.open()
    for run in runs.values { run.scaler.end() }
  }

  // MARK: Targets

  private static func target(
    _ scaler: ScalerConfiguration, _ reader: any QueueReader, _ time: Timekeeper, _ logger: Logger
  ) -> any ScalingTarget {
    switch scaler.target {
    case .localProcesses(let configuration):
      LocalProcessTarget(scaler, configuration, time: time, logger: logger) {
        let running = try await time.within(scaler.server.deadline) {
          try await reader.processes(.running, executorType: scaler.executorType)
        }
        // Whoever is not on a list that is cut off may be busy all the same.
        return running.isComplete ? running.executors : nil
      }
    }
  }
}
