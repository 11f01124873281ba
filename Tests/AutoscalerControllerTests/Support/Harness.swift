import Autoscaling
import Colonies
import ColoniesClient
import JSON
import Locking
import Logging
import ServiceLifecycle
import TestSupport
import Timekeeping

@testable import AutoscalerController

/// A controller with a clock, queues and targets that a test moves.
final class Harness: Sendable {
  let clock = TestClock()
  let log = TestLog()
  private let readers: [String: FakeQueueReader]
  private let targets = Locked<[String: [FakeTarget]]>([:])

  /// - Parameter readers: The queues, by the names of their colonies.
  init(_ readers: [String: FakeQueueReader]) { self.readers = readers }

  /// The targets that were made for a scaler, the newest last.
  func targets(_ scaler: String) -> [FakeTarget] { targets.withLock { $0[scaler] ?? [] } }

  func target(_ scaler: String) -> FakeTarget? { targets(scaler).last }

  /// Runs a controller while the body runs, and shuts it down in good order.
  func run(
    _ configuration: AutoscalerConfiguration, file: ConfigurationFile? = nil, cluster: Cluster? = nil,
    isDryRun: Bool = false, recorder: DecisionRecorder? = nil, _ body: () async throws -> Void
  ) async throws {
    try await run(configuration, file: file, cluster: cluster, isDryRun: isDryRun, recorder: recorder) { _ in
      try await body()
    }
  }

  /// Runs a controller while the body uses it, and shuts it down in good order.
  func run(
    _ configuration: AutoscalerConfiguration, file: ConfigurationFile? = nil, cluster: Cluster? = nil,
    isDryRun: Bool = false, recorder: DecisionRecorder? = nil,
    _ body: (AutoscalerController) async throws -> Void
  ) async throws {
    let readers = readers
    let targets = targets
    let controller = AutoscalerController(
      configuration, version: file?.version, source: file.map { .file($0) }, cluster: cluster,
      isDryRun: isDryRun, time: Timekeeper(clock),
      logger: log.logger, recorder: recorder,
      makeReader: { address in readers[address.colony.name] ?? FakeQueueReader(.failure("no such queue")) },
      makeTarget: { scaler, _, _ in
        let target = FakeTarget()
        targets.withLock { $0[scaler.name, default: []].append(target) }
        return target
      })
    var quiet = Logger(label: "service group") { _ in SwiftLogNoOpLogHandler() }
    quiet.logLevel = .critical
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: controller, successTerminationBehavior: .gracefullyShutdownGroup)],
        logger: quiet))
    async let running: Void = group.run()
    try await log.line("starting")
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(controller))
    } catch {
      result = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try await running
    try result.get()
  }

  /// How long pollers rest.
  static let pollTime = Duration.milliseconds(900) ... .seconds(2)

  /// Lets the pollers poll once more.
  func poll() async throws { try await clock.pass(Self.pollTime) }

  /// The decision of a scaler that took in so many waiting processes.
  @discardableResult
  func decision(_ scaler: String, waiting: Int) async throws -> JSONValue {
    try await log.line("decision") { $0["scaler"]?.string == scaler && $0["waiting"]?.int == waiting }
  }
}

extension ScalerConfiguration {
  /// A scaler that polls each second.
  static func sample(
    _ name: String = "fibonacci", colony: String = "dev", executorType: String = "fibonacci", max: Int = 10,
    idleFor: Duration = .seconds(10), fallback: FallbackPolicy? = nil, isPaused: Bool = false,
    deadline: Duration = .seconds(5), command: [String] = ["worker"], processesPerReplica: Int = 1,
    drainWithin: Duration? = nil
  ) throws -> ScalerConfiguration {
    ScalerConfiguration(
      name: name,
      server: ServerConfiguration(
        name: "local", endpoint: Endpoint(host: "localhost", port: 50080, usesTLS: false), deadline: deadline),
      colony: ColonyReference(name: colony), credentials: .environment("KEY"), executorType: executorType,
      policy: try ScalingPolicy(
        processesPerReplica: processesPerReplica, max: max,
        objectives: ScalingObjectives(drainWithin: drainWithin), pollInterval: .seconds(1), idleFor: idleFor,
        fallback: fallback),
      isPaused: isPaused, target: .localProcesses(LocalProcessConfiguration(command: command)))
  }
}

extension AutoscalerConfiguration {
  init(_ scalers: ScalerConfiguration...) { self.init(servers: [], scalers: scalers) }
}
