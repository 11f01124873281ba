internal import Autoscaling
internal import Colonies
public import ColoniesClient
internal import Files
internal import JSON
internal import KubernetesClient
internal import Locking
public import Logging
public import ServiceLifecycle
internal import Timekeeping
internal import YAML

/// Runs the scalers of a configuration, and follows the configuration's changes.
///
/// Each queue is polled by a task of its own and each scaler decides in one, so that what is slow or fails delays
/// nobody else. Of several controllers that share a lease only the one that leads asks queues and scales; the
/// others wait. On a graceful shutdown the targets are ended: a target's own workers are drained, and replicas
/// in a cluster stay as they are.
public actor AutoscalerController: Service {
  /// A scaler that runs.
  private struct Run {
    let configuration: ScalerConfiguration
    let scaler: Scaler
    /// Opened when the scaler and its target have ended.
    let ended: Latch

    /// Whether another configuration needs nothing but other rules.
    func canFollow(_ other: ScalerConfiguration) -> Bool {
      other.queues == configuration.queues
        && other.target == configuration.target && other.scaleIn == configuration.scaleIn
        && other.ownerCredentials == configuration.ownerCredentials
    }
  }

  typealias MakeReader = @Sendable (QueueAddress) -> any WorkerQueue
  typealias MakeTarget = @Sendable (ScalerConfiguration, any WorkerQueue, Logger) -> any ScalingTarget

  private let source: ConfigurationSource?
  private let initialVersion: FileVersion?
  private let cluster: Cluster?
  private let isDryRun: Bool
  private let time: Timekeeper
  private let logger: Logger
  private let metrics: ControllerMetrics
  private let recorder: DecisionRecorder?
  private let makeReader: MakeReader
  private let makeTarget: MakeTarget

  /// The newest configuration that can be used.
  private var configuration: AutoscalerConfiguration?
  private var status = ConfigurationStatus()
  /// The configuration that the permissions were checked for.
  private var checked: AutoscalerConfiguration?
  private var isLeading: Bool
  private var runs: [String: Run] = [:]
  /// Opened when the scalers that ran under these names have ended.
  private var predecessors: [String: Latch] = [:]
  private var readers: [QueueAddress: any WorkerQueue] = [:]
  /// Ends the pollers of the configuration in force.
  private var pollersEnd = Latch()
  /// Opened when the controller is told to end.
  private nonisolated let ending = Latch()
  /// Told when there is another configuration, or leadership came or went.
  private nonisolated let changes: AsyncStream<Void>
  private nonisolated let notice: AsyncStream<Void>.Continuation

  /// How long the first check of the permissions may hold up the first decision.
  private static let checkPatience: Duration = .seconds(5)
  /// How long Events that were not written yet may hold up the end.
  private static let farewell: Duration = .seconds(3)

  /// Creates a controller; `run()` makes it work.
  /// - Parameters:
  ///   - source: Where the configuration comes from. A file is read here, a ConfigMap later.
  ///   - cluster: The cluster to work with; nil when there is none.
  ///   - isDryRun: Whether nothing is to be changed, only decided and told.
  ///   - recorder: Where every decision is written; nil for nowhere.
  ///   - makeClient: Makes the client for a server. Called again when it failed.
  /// - Throws: `ConfigurationError` when a file cannot be used. Later changes that cannot be used are
  ///   refused, and the last good configuration stays in force.
  public init(
    source: ConfigurationSource, cluster: ClusterAccess? = nil, isDryRun: Bool = false,
    metrics: ControllerMetrics = .none, recorder: DecisionRecorder? = nil, logger: Logger,
    clock: some Clock<Duration> = ContinuousClock(),
    makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) throws(ConfigurationError) {
    var initial: AutoscalerConfiguration?
    var version: FileVersion?
    switch source {
    case .file(let file):
      // Before it is read, so that a change in between is seen as one.
      version = file.version
      initial = try file.load()
    case .configMap:
      if cluster == nil {
        throw .unreadable(file: "\(source)", reason: "there is no cluster to read it from")
      }
    }
    let time = Timekeeper(clock)
    let own = cluster.map { Cluster($0, time: time, logger: logger) }
    self.init(
      initial, version: version, source: source, cluster: own, isDryRun: isDryRun, time: time, logger: logger,
      metrics: metrics, recorder: recorder,
      makeReader: { ColoniesQueueReader($0, metrics: metrics, makeClient: makeClient) },
      makeTarget: { Self.target($0, $1, own, time, $2, metrics) })
  }

  init(
    _ configuration: AutoscalerConfiguration?, version: FileVersion? = nil,
    source: ConfigurationSource? = nil, cluster: Cluster? = nil, isDryRun: Bool = false, time: Timekeeper,
    logger: Logger, metrics: ControllerMetrics = .none, recorder: DecisionRecorder? = nil,
    makeReader: @escaping MakeReader, makeTarget: @escaping MakeTarget
  ) {
    self.configuration = configuration
    initialVersion = version
    self.source = source
    self.cluster = cluster
    self.isDryRun = isDryRun
    self.time = time
    self.logger = logger
    self.metrics = metrics
    self.recorder = recorder
    self.makeReader = makeReader
    self.makeTarget = makeTarget
    isLeading = cluster?.election == nil
    (changes, notice) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    if configuration != nil { status.generation = 1 }
    metrics.configuration(status)
    metrics.isLeading(isLeading)
  }

  /// Which configuration is in force, and whether a newer one was refused.
  public var configurationStatus: ConfigurationStatus { status }

  /// Why this process neither leads nor could take over; nil when it leads, follows whoever does, or is alone.
  var electionProblem: String? {
    get async {
      guard let election = cluster?.election, !election.leadership.isHeld else { return nil }
      if let problem = await election.current.problem { return "\(problem)" }
      return await election.isLed ? nil : "nobody is known to lead"
    }
  }

  /// The decisions of one scaler, or of all, and whether this process decides at all, as JSON text; nil when
  /// there is no such scaler.
  func decisions(_ query: DecisionQuery) async -> String? {
    var scalers: [JSONValue] = []
    for run in runs.values.sorted(by: { $0.configuration.name < $1.configuration.name }) {
      guard query.scaler == nil || query.scaler == run.configuration.name else { continue }
      scalers.append([
        "scaler": .string(run.configuration.name), "decisions": await run.scaler.decisions(last: query.last),
      ])
    }
    guard query.scaler == nil || !scalers.isEmpty else { return nil }
    let leader = isLeading ? cluster?.election?.identity : await cluster?.election?.current.holder
    return JSONValue.object([
      ("leading", .bool(isLeading)), ("leader", .optional(leader)), ("scalers", .array(scalers)),
    ]).text(.indented(2))
  }

  /// Runs the scalers until the task's graceful shutdown or cancellation.
  public func run() async {
    logger.info("starting", metadata: startMetadata)
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { background in
        let leaving = Latch()
        let told = Latch()
        background.addTask { await self.ending.whileClosed { await self.followSource() } }
        if let election = cluster?.election {
          background.addTask { await leaving.whileClosed { await election.run() } }
          background.addTask { await self.follow(election) }
        }
        if let cluster {
          background.addTask { await cluster.view.run() }
          background.addTask {
            await cluster.events.run()
            told.open()
          }
        }
        await scale()
        // Whoever writes has ended, so that another may lead.
        leaving.open()
        if let cluster {
          cluster.events.finish()
          // What is not written by then is lost, and it was in the log.
          try? await time.within(Self.farewell) { await told.wait() }
        }
        background.cancelAll()
      }
    } onGracefulShutdown: { [ending, notice] in
      ending.open()
      notice.finish()
    }
    logger.info("ended", metadata: ["event": "ended"])
  }

  private var startMetadata: Logger.Metadata {
    var metadata: Logger.Metadata = ["event": "starting"]
    metadata["scalers"] = configuration.map { .stringConvertible($0.scalers.count) }
    metadata["configuration"] = source.map { "\($0)" }
    metadata["cluster"] = cluster.map { "\($0.client.cluster.server)" }
    metadata["candidate"] = cluster?.election.map { "\($0.identity)" }
    if isDryRun { metadata["dryRun"] = .stringConvertible(true) }
    return metadata
  }

  /// Runs what the configuration says while this process leads, until told to end.
  private func scale() async {
    await withDiscardingTaskGroup { group in
      await update(in: &group)
      for await _ in changes { await update(in: &group) }
      logger.info("ending", metadata: ["event": "ending"])
      endAll()
    }
  }

  // MARK: What to do

  private func followSource() async {
    switch source {
    case nil: return
    case .file(let file):
      let watch = ConfigurationFileWatch(file: file, time: time)
      await watch.run(since: initialVersion) { await self.take($0) }
    case .configMap(let reference):
      guard let cluster else { return }
      let watch = ConfigMapWatch(reference: reference, client: cluster.client)
      await watch.run { await self.take($0, from: reference.eventReference(uid: $1)) }
    }
  }

  /// - Parameter object: What the configuration is kept in; nil when that is not in the cluster.
  private func take(
    _ result: Result<AutoscalerConfiguration, ConfigurationError>, from object: ObjectReference? = nil
  ) {
    let place = source.map { "\($0)" } ?? ""
    switch result {
    case .success(let new):
      status.generation += 1
      status.problem = nil
      // Whoever is told looks at the metrics next.
      metrics.configuration(status)
      logger.info(
        "\(configuration == nil ? "configuration read" : "configuration changed, the new one is in force")",
        metadata: ["event": "configurationApplied", "configuration": "\(place)"])
      configuration = new
      notice.yield()
    case .failure(let error):
      status.problem = error
      metrics.configuration(status)
      let consequence =
        configuration == nil ? "there is none in force" : "the last good one stays in force"
      logger.error(
        "configuration refused, \(consequence): \(error)",
        metadata: [
          "event": "configurationRefused", "configuration": "\(place)", "problems": error.logProblems,
        ])
      guard let object, !isDryRun else { return }
      cluster?.events.record(
        DecisionNote(
          severity: .warning, reason: "ConfigurationRefused", message: "\(consequence): \(error)",
          isChange: false)
      ) { object }
    }
  }

  private func follow(_ election: LeaderElector) async {
    var told: KubernetesError.Code?
    for await standing in await election.standings() {
      if let problem = standing.problem, problem.code != told {
        logger.error("could not take part in the election: \(problem)", metadata: ["event": "electionFailed"])
      }
      told = standing.problem?.code
      guard standing.isLeader != isLeading else { continue }
      isLeading = standing.isLeader
      metrics.isLeading(isLeading)
      logger.info(
        "\(isLeading ? "leads now" : "does not lead any more")",
        metadata: ["event": "leadership", "holder": "\(standing.holder ?? "nobody")"])
      notice.yield()
    }
  }

  // MARK: Doing it

  private func update(in group: inout DiscardingTaskGroup) async {
    guard let configuration else { return endAll() }
    if configuration != checked {
      let isFirst = checked == nil
      checked = configuration
      let told = Latch()
      group.addTask { [ending] in
        await ending.whileClosed { await self.checkPermissions(configuration) }
        told.open()
      }
      // What is missing is told before anything fails of it; but a running autoscaler follows a change at once,
      // and a cluster that answers late holds nothing up for long: what it says is told when it comes.
      if isFirst { try? await time.within(Self.checkPatience) { await told.wait() } }
    }
    guard isLeading else { return endAll() }
    await apply(configuration, in: &group)
  }

  /// Tells which permissions are missing, each with the rule that grants it.
  private func checkPermissions(_ configuration: AutoscalerConfiguration) async {
    guard let cluster else { return }
    do throws(KubernetesError) {
      for missing in try await cluster.missingPermissions(configuration, source, isDryRun: isDryRun) {
        logger.error(
          "\(missing)", metadata: ["event": "permissionMissing", "namespace": "\(missing.namespace)"])
      }
    } catch {
      guard error.code != .cancelled else { return }
      logger.warning(
        "the permissions could not be checked: \(error)", metadata: ["event": "permissionsNotChecked"])
    }
  }

  private func apply(_ configuration: AutoscalerConfiguration, in group: inout DiscardingTaskGroup) async {
    pollersEnd.open()
    await cluster?.view.follow(Set(configuration.scalers.compactMap { cluster?.object($0) }))
    let queues = configuration.queues
    readers = queues.keys.reduce(into: [:]) { $0[$1] = readers[$1] ?? makeReader($1) }
    var next: [String: Run] = [:]
    for scaler in configuration.scalers {
      if let run = runs[scaler.name], run.canFollow(scaler) {
        await run.scaler.follow(scaler)
        next[scaler.name] = run
      } else {
        end(scaler.name)
        next[scaler.name] = start(scaler, after: predecessors.removeValue(forKey: scaler.name), in: &group)
      }
    }
    for name in runs.keys where next[name] == nil { end(name) }
    predecessors = predecessors.filter { !$0.value.isOpen }
    runs = next
    pollersEnd = Latch()
    for (address, served) in queues { poll(address, for: served, in: &group) }
  }

  private func start(
    _ configuration: ScalerConfiguration, after predecessor: Latch?, in group: inout DiscardingTaskGroup
  ) -> Run {
    var logger = logger
    logger[metadataKey: "scaler"] = "\(configuration.name)"
    let reader = readers[configuration.queue] ?? makeReader(configuration.queue)
    let made = makeTarget(configuration, reader, logger)
    let target: any ScalingTarget = isDryRun && !isServerDryRun ? ObservedTarget(made) : made
    let announce: @Sendable (DecisionNote) -> Void
    if let cluster, let object = cluster.object(configuration) {
      announce = { note in cluster.tell(note, about: object) }
    } else {
      announce = { _ in }
    }
    let scaler = Scaler(
      configuration, target: target, isDryRun: isDryRun, time: time, logger: logger, metrics: metrics,
      recorder: recorder, announce: announce)
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

  private var isServerDryRun: Bool { cluster?.isServerDryRun ?? false }

  private func poll(
    _ address: QueueAddress, for served: [ServedQueue], in group: inout DiscardingTaskGroup
  ) {
    guard let reader = readers[address] else { return }
    let subscribers = served.compactMap { served in
      runs[served.scaler.name].map { run in
        QueuePoller.Subscriber(executorType: served.executorType, givesOrders: served.scaler.givesOrders) {
          run.scaler.offer($0, queue: served.index)
        }
      }
    }
    let scalers = served.map(\.scaler)
    let poller = QueuePoller(
      address: address, reader: reader,
      interval: scalers.map(\.policy.pollInterval).min() ?? .seconds(2),
      // So that a reading is not yet stale when the next one comes.
      longestPause: (scalers.map(\.policy.stalenessLimit).min() ?? .seconds(30)) / 3,
      subscribers: subscribers, time: time)
    group.addTask { [pollersEnd] in await pollersEnd.whileClosed { await poller.run() } }
    let measured = served.filter { !$0.scaler.policy.objectives.isEmpty }.compactMap { served in
      runs[served.scaler.name].map { run in
        ServiceTimesPoller.Subscriber(executorType: served.executorType) {
          run.scaler.offer($0, queue: served.index)
        }
      }
    }
    guard !measured.isEmpty else { return }
    let measuring = ServiceTimesPoller(address: address, reader: reader, subscribers: measured, time: time)
    group.addTask { [pollersEnd] in await pollersEnd.whileClosed { await measuring.run() } }
  }

  private func end(_ name: String) {
    guard let run = runs[name] else { return }
    run.scaler.end()
    predecessors[name] = run.ended
  }

  private func endAll() {
    pollersEnd.open()
    for name in runs.keys { end(name) }
    runs = [:]
    // What another one orders meanwhile is not known here.
    readers = [:]
  }

  // MARK: Targets

  private static func target(
    _ scaler: ScalerConfiguration, _ reader: any WorkerQueue, _ cluster: Cluster?, _ time: Timekeeper,
    _ logger: Logger, _ metrics: ControllerMetrics
  ) -> any ScalingTarget {
    switch scaler.target {
    case .localProcesses(let configuration):
      return LocalProcessTarget(scaler, configuration, time: time, logger: logger) {
        let running = try await time.within(scaler.server.deadline) {
          try await reader.processes(.running, executorType: scaler.executorType)
        }
        // Whoever is not on a list that is cut off may be busy all the same.
        return running.isComplete ? running.executors : nil
      }
    case .scalable(let configuration):
      guard let cluster, let object = cluster.object(scaler) else {
        return MissingTarget(description: "\(configuration)")
      }
      guard scaler.choosesPods else { return cluster.target(object) }
      return cluster.scaleInTarget(scaler, object, queue: reader, metrics: metrics, logger: logger)
    }
  }
}

extension ConfigurationError {
  fileprivate var logProblems: Logger.MetadataValue {
    switch self {
    case .unreadable: ["\(self)"]
    case .invalid(let error): .array(error.problems.map { "\(error.file):\($0)" })
    }
  }
}

extension ConfigMapReference {
  fileprivate func eventReference(uid: String?) -> ObjectReference {
    ObjectReference(apiVersion: "v1", kind: "ConfigMap", namespace: namespace, name: name, uid: uid)
  }
}
