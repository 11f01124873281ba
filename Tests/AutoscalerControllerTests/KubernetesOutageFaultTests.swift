import KubernetesTestSupport
import TestSupport
import Testing

@testable import AutoscalerController

/// Alone with its server, which it stops.
@Suite(
  "Kubernetes: faults of the API server itself", .ifOwnAPIServer, .apiServer, .serialized,
  .timeLimit(.minutes(10)))
struct KubernetesOutageFaultTests {
  private let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  /// What is stopped, and how.
  enum Victim: Sendable, CaseIterable {
    case server, store

    func stop(_ server: APIServer, _ outage: Outage) async {
      switch self {
      case .server: await server.stop(outage)
      case .store: await server.stopStore(outage)
      }
    }

    func start(_ server: APIServer) async throws {
      switch self {
      case .server: try await server.start()
      case .store: try await server.startStore()
      }
    }
  }

  @Test(
    "replicas are right soon after an outage, and are never taken away wrongly",
    arguments: Victim.allCases, Outage.allCases)
  func outage(victim: Victim, outage: Outage) async throws {
    // Longer than demand dips, also where two seconds take four.
    try await FaultBench.run(server, by: { server.cluster($0) }, idleFor: .seconds(10)) { bench in
      let name = "\(victim) \(outage)"
      try await bench.settle(at: 2)

      // While demand rises.
      await victim.stop(server, outage)
      bench.queue.set(5)
      try await ContinuousClock().sleep(for: .milliseconds(2500))
      try await victim.start(server)
      try await bench.expectRecovery(to: 5, since: .now, "\(name), demand rises")

      // While all is steady; then it falls for less than a replica is kept, and rises.
      await victim.stop(server, outage)
      try await ContinuousClock().sleep(for: .seconds(1))
      bench.queue.set(3)
      try await ContinuousClock().sleep(for: .seconds(1))
      bench.queue.set(6)
      try await ContinuousClock().sleep(for: .seconds(1))
      try await victim.start(server)
      try await bench.expectRecovery(to: 6, since: .now, "\(name), demand dips and rises")
      #expect(bench.record.moments.map(\.value) == [0, 2, 5, 6])

      // While it falls for good. What could not be decided on does not count as observed.
      await victim.stop(server, outage)
      bench.queue.set(1)
      try await ContinuousClock().sleep(for: .seconds(2))
      try await victim.start(server)
      try await bench.expectRecovery(
        to: 1, since: .now + bench.idleFor, "\(name), demand falls")
      #expect(bench.record.moments.map(\.value) == [0, 2, 5, 6, 1])
      bench.expectNoWrongScaleDown(lateness: .seconds(1))
    }
  }
}
