import Autoscaling
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import Locking
import PrometheusMetrics
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

/// A controller that scales a Deployment of a real API server, behind a proxy with faults, and a record of what
/// became of it.
final class FaultBench: Sendable {
  static let pollInterval: Duration = .milliseconds(500)
  static let deployment = "worker"
  /// How much longer than it should something may take on a slow machine.
  static let allowance: Duration = .seconds(4)

  let server: APIServer
  let namespace: String
  /// How long a replica is kept that is not needed.
  let idleFor: Duration
  let queue = DemandedQueue()
  let record = ReplicaRecord()
  let log = TestLog()
  private let registry = PrometheusRegistry()

  private init(_ server: APIServer, _ namespace: String, _ idleFor: Duration) {
    self.server = server
    self.namespace = namespace
    self.idleFor = idleFor
  }

  /// Runs a controller while the body runs, in front of whom is a proxy; then ends it, which must not take long.
  /// - Parameters:
  ///   - idleFor: How long a replica is kept that is not needed.
  ///   - longestSilence: How long a silent watch is relied on.
  static func run(
    before server: APIServer, idleFor: Duration = .seconds(3),
    longestSilence: Duration = ScaleTarget.longestSilence,
    _ body: (FaultBench, FaultProxy) async throws -> Void
  ) async throws {
    try await FaultProxy.run(before: server) { proxy in
      let way = { proxy.cluster($0) }
      try await run(server, by: way, idleFor: idleFor, longestSilence: longestSilence) { bench in
        try await body(bench, proxy)
      }
    }
  }

  /// Runs a controller while the body runs; then ends it, which must not take long.
  /// - Parameters:
  ///   - way: The way to the API server for a user.
  ///   - idleFor: How long a replica is kept that is not needed.
  ///   - longestSilence: How long a silent watch is relied on.
  static func run(
    _ server: APIServer, by way: (APIServer.User) -> ClusterConfiguration, idleFor: Duration = .seconds(3),
    longestSilence: Duration = ScaleTarget.longestSilence, _ body: (FaultBench) async throws -> Void
  ) async throws {
    let namespace = try await server.makeNamespace("faults")
    let user = try await server.makeScaler(in: namespace)
    try await server.makeDeployment(deployment, in: namespace, replicas: 0)
    let bench = FaultBench(server, namespace, idleFor)
    let following = Task { await bench.record.follow(deployment, in: namespace, of: server) }
    try await bench.record.wait(for: 0, within: .seconds(60))
    let metrics = ControllerMetrics(describedBy: bench.registry)
    let client = KubernetesClient.ofTests(way(user), metrics: metrics)
    let controller = try bench.controller(ClusterAccess(client: client), metrics, longestSilence)
    let running = Task { await controller.run() }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(bench))
    } catch {
      result = .failure(error)
    }
    let cancelled = ContinuousClock.now
    running.cancel()
    await running.value
    let ending = ContinuousClock.now - cancelled
    #expect(ending < .seconds(1) + allowance, "everything has a deadline, and ends when it is cancelled")
    await client.shutdown()
    following.cancel()
    await following.value
    try result.get()
  }

  private func controller(
    _ access: ClusterAccess, _ metrics: ControllerMetrics, _ longestSilence: Duration
  ) throws -> AutoscalerController {
    try .scaling(
      Self.deployment, in: namespace, by: queue, access, idleFor: idleFor, log: log, metrics: metrics,
      longestSilence: longestSilence)
  }

  /// The demand is this from now on, and the replicas follow.
  func settle(at demand: Int) async throws {
    queue.set(demand)
    try await record.wait(for: demand, within: .seconds(60))
  }

  /// Waits until the replicas are as they should be after an outage, and says how long that took.
  /// - Parameters:
  ///   - end: When the outage was over, or when the change was due if that was later.
  ///   - more: What the fault itself may add: a delay that had begun, or a wait that was asked for.
  func expectRecovery(
    to replicas: Int, since end: ContinuousClock.Instant, more: Duration = .zero, _ fault: String
  ) async throws {
    let bound = Self.pollInterval + .seconds(1) + more
    let reached = try await record.wait(for: replicas, within: bound + .seconds(60))
    let took = max(reached - end, .zero)
    print("recovery to \(replicas) from \(fault): \(took.spelledOut), meant to be below \(bound.spelledOut)")
    #expect(took < bound + Self.allowance, "\(fault): recovery took \(took)")
  }

  /// Expects that replicas were taken away only when that was allowed.
  func expectNoWrongScaleDown(lateness: Duration) {
    let rule = ScaleDownRule(idleFor: idleFor, lateness: lateness)
    for violation in rule.violations(record.moments, readings: queue.readings) {
      Issue.record("replicas were taken away: \(violation)")
    }
  }

  /// How many requests to the API server were counted, by the status code or the word for it.
  func requests(_ code: String) -> Int {
    let lines = registry.text().split(separator: "\n").filter {
      $0.hasPrefix(ControllerMetrics.Name.apiRequests) && $0.contains("code=\"\(code)\"")
    }
    return lines.reduce(0) { $0 + (Int($1.split(separator: " ").last ?? "") ?? 0) }
  }
}

extension APIServer {
  /// Makes somebody who may do all that an autoscaler does in a namespace.
  func makeScaler(in namespace: String) async throws -> User {
    let user = try await addServiceAccount("scaler", in: namespace).user
    try await grant(
      "cluster-admin", to: user, in: namespace,
      proof: .init("delete", .configMaps, namespace: namespace))
    return user
  }
}

extension KubernetesClient {
  /// A client as the autoscaler's, whose requests are counted.
  static func ofTests(_ cluster: ClusterConfiguration, metrics: ControllerMetrics = .none) -> Self {
    KubernetesClient(
      cluster, configuration: .autoscaler(version: "test"),
      makeClient: { (configuration) throws(HTTPTransportError) in
        MeteredHTTPClient(try HTTPTransport(configuration), metrics: metrics)
      })
  }
}

extension AutoscalerController {
  /// A controller that scales one Deployment in real time.
  static func scaling(
    _ deployment: String, in namespace: String, by queue: DemandedQueue, _ access: ClusterAccess,
    idleFor: Duration, log: TestLog,
    metrics: ControllerMetrics = .none, longestSilence: Duration = ScaleTarget.longestSilence
  ) throws -> AutoscalerController {
    var scaler = try ScalerConfiguration.sample()
    scaler.policy = try ScalingPolicy(
      max: 20, pollInterval: FaultBench.pollInterval, idleFor: idleFor)
    scaler.target = .scalable(
      ScaleTargetConfiguration(
        reference: ScaleTargetReference(apiVersion: "apps/v1", kind: "Deployment", name: deployment),
        namespace: namespace))
    let time = Timekeeper(ContinuousClock())
    let cluster = Cluster(access, time: time, logger: log.logger, longestSilence: longestSilence)
    return AutoscalerController(
      AutoscalerConfiguration(scaler), cluster: cluster, time: time,
      logger: log.logger, metrics: metrics, makeReader: { _ in queue },
      makeTarget: { scaler, _, _ in
        guard let object = cluster.object(scaler) else { return MissingTarget(description: scaler.name) }
        return cluster.target(object)
      })
  }
}
