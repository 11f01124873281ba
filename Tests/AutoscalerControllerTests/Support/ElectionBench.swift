import HTTPTransport
import KubernetesClient
import KubernetesTestSupport
import Locking
import TestSupport
import Timekeeping

@testable import AutoscalerController

/// Two controllers of one Deployment, each behind a proxy of its own, of which one leads; and a record of who
/// believed to lead when.
final class ElectionBench: Sendable {
  /// The times in use: shorter ones are missed on a busy machine.
  static let timing = ElectionTiming()
  /// How much later than it should something may be seen or done on a busy machine. That a leader stops before another
  /// leads is looked at by itself.
  static let allowance: Duration = .seconds(10)

  /// A controller that takes part.
  struct Candidate: Sendable {
    let proxy: FaultProxy
    let elector: LeaderElector
    let controller: AutoscalerController
    let clients: [KubernetesClient]

    /// How many changes of replicas it has sent, whatever became of them.
    var changes: Int { proxy.count { $0.method == .patch && $0.resource == "deployments/scale" } }
  }

  private struct Sightings {
    /// Who leads, as an index; only changes.
    var leaders: [Moment<Int?>] = []
    /// The moments at which both believed that they lead.
    var clashes: [ContinuousClock.Instant] = []
  }

  let queue = DemandedQueue()
  let record = ReplicaRecord()
  private let members = Locked<[Candidate]>([])
  private let sightings = Locked(Sightings())

  /// The two.
  var candidates: [Candidate] { members.withLock { $0 } }
  var leaders: [Moment<Int?>] { sightings.withLock { $0.leaders } }
  var clashes: [ContinuousClock.Instant] { sightings.withLock { $0.clashes } }

  /// Runs two controllers while the body runs.
  static func run(_ server: APIServer, _ body: (ElectionBench) async throws -> Void) async throws {
    let namespace = try await server.makeNamespace("election")
    let user = try await server.makeScaler(in: namespace)
    try await server.makeDeployment(FaultBench.deployment, in: namespace, replicas: 0)
    try await FaultProxy.run(before: server) { first in
      try await FaultProxy.run(before: server) { second in
        let bench = ElectionBench()
        for proxy in [first, second] { try bench.add(proxy, user, namespace) }
        try await bench.run(server, namespace, body)
      }
    }
  }

  private func add(_ proxy: FaultProxy, _ user: APIServer.User, _ namespace: String) throws {
    let clients = (0..<2).map { _ in KubernetesClient.ofTests(proxy.cluster(user)) }
    let elector = LeaderElector(
      client: clients[0], lease: "autoscaler", in: namespace, host: "candidate", timing: Self.timing)
    let controller = try AutoscalerController.scaling(
      FaultBench.deployment, in: namespace, by: queue, ClusterAccess(client: clients[1], election: elector),
      idleFor: .seconds(3), log: TestLog())
    members.withLock {
      $0.append(Candidate(proxy: proxy, elector: elector, controller: controller, clients: clients))
    }
  }

  private func run(
    _ server: APIServer, _ namespace: String, _ body: (ElectionBench) async throws -> Void
  ) async throws {
    let candidates = candidates
    let running = Task {
      await withTaskGroup(of: Void.self) { group in
        for candidate in candidates { group.addTask { await candidate.controller.run() } }
        group.addTask { await self.record.follow(FaultBench.deployment, in: namespace, of: server) }
        group.addTask { await self.observe(candidates.map(\.elector.leadership)) }
      }
    }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(self))
    } catch {
      result = .failure(error)
    }
    running.cancel()
    await running.value
    for client in candidates.flatMap(\.clients) { await client.shutdown() }
    try result.get()
  }

  /// Looks at who leads, again and again.
  private func observe(_ leaderships: [Leadership]) async {
    while !Task.isCancelled {
      // The first one twice, so that both held at the moment of the second look, if they seem to.
      let before = leaderships[0].isHeld
      let other = leaderships[1].isHeld
      let after = leaderships[0].isHeld
      sightings.withLock { sightings in
        let now = ContinuousClock.now
        if before, other, after { sightings.clashes.append(now) }
        let leader = other ? 1 : after ? 0 : nil
        if sightings.leaders.last?.value != leader {
          sightings.leaders.append(Moment(value: leader, at: now))
        }
      }
      // Cancelled: the loop sees it.
      try? await ContinuousClock().sleep(for: .milliseconds(10))
    }
  }

  /// Waits until somebody leads who is not the one named.
  /// - Returns: Who, and since when.
  func leader(
    otherThan former: Int? = nil, within limit: Duration
  ) async throws -> (index: Int, since: ContinuousClock.Instant) {
    let deadline = ContinuousClock.now + limit
    while true {
      if let last = leaders.last, let leader = last.value, leader != former { return (leader, last.at) }
      guard ContinuousClock.now < deadline else { throw Failure("nobody else leads after \(limit)") }
      try await ContinuousClock().sleep(for: .milliseconds(10))
    }
  }
}
