import HTTPTransport
import JSON
import KubernetesClient
import Locking
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("The first check of the permissions", .timeLimit(.minutes(10)))
struct PermissionCheckTests {
  /// An API server that says no to every question about permissions, once it may, and nothing else ever.
  private struct SlowServer: HTTPClient {
    let asked = Latch()
    let mayAnswer = Latch()

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      guard request.url.hasSuffix("/selfsubjectaccessreviews") else { throw await silence() }
      asked.open()
      await mayAnswer.wait()
      guard mayAnswer.isOpen else { throw await silence() }
      let answer: JSONValue = ["status": ["allowed": false]]
      return HTTPResponse(status: 201, headers: HTTPHeaders(), body: answer.encoded())
    }

    func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
      throw await silence()
    }

    private func silence() async -> HTTPTransportError {
      await Latch().wait()
      return HTTPTransportError(.cancelled, "cancelled")
    }
  }

  private let server = SlowServer()
  private let harness = Harness(["dev": FakeQueueReader(waiting: 3)])

  /// Runs a controller of a Deployment, without changing anything.
  private func run(_ body: () async throws -> Void) async throws {
    var scaler = try ScalerConfiguration.sample()
    scaler.target = .scalable(
      ScaleTargetConfiguration(
        reference: ScaleTargetReference(apiVersion: "apps/v1", kind: "Deployment", name: "worker"),
        namespace: "home"))
    let client = KubernetesClient(
      ClusterConfiguration(server: "https://server", credentials: .none), clock: TestClock(isRunning: true),
      makeClient: { [server] _ in server })
    let cluster = Cluster(
      ClusterAccess(client: client), time: Timekeeper(harness.clock), logger: harness.log.logger)
    try await harness.run(AutoscalerConfiguration(scaler), cluster: cluster, isDryRun: true, body)
  }

  /// Lets the time pass that the first decision waits for the check.
  private func passPatience() async throws {
    try await harness.clock.pass(.seconds(5) ... .seconds(5))
    try await harness.decision("fibonacci", waiting: 3)
  }

  @Test("what is answered late holds up the first decision for a while only, and is told when it comes")
  func late() async throws {
    try await run {
      await server.asked.wait()
      #expect(harness.log.lines("decision").isEmpty)
      try await passPatience()
      #expect(harness.log.lines("permissionMissing").isEmpty)
      server.mayAnswer.open()
      let line = try await harness.log.line("permissionMissing")
      #expect(line["level"] == "error" && line["metadata"]?["namespace"] == "home")
    }
  }

  @Test("what is never answered does not hold up the end", arguments: [false, true])
  func never(hasDecided: Bool) async throws {
    try await run {
      await server.asked.wait()
      if hasDecided { try await passPatience() }
    }
    #expect(harness.log.lines.last?["message"] == "ended")
    #expect(harness.log.lines("permissionsNotChecked").isEmpty)
  }
}
