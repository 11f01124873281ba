import Autoscaling
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite(
  "Kubernetes: faults that hide who else scales", .ifAPIServer, .apiServer, .timeLimit(.minutes(5)))
struct KubernetesOtherAutoscalerFaultTests {
  private static let lists = Fault.Match(nil, "/horizontalpodautoscalers")
  /// The pauses of a watch between its tries.
  private static let pauses: ClosedRange<Duration> = .zero ... .seconds(5)

  /// Runs a body with a view that knows that nobody else scales a Deployment.
  private func run(
    _ body: (_ other: () async throws(TargetError) -> String?, FaultProxy, TestClock) async throws -> Void
  ) async throws {
    let server = try #require(APIServerTrait.server)
    let namespace = try await server.makeNamespace("hidden")
    let user = try await server.makeScaler(in: namespace)
    try await FaultProxy.run(before: server) { proxy in
      let clock = TestClock()
      let client = KubernetesClient(
        proxy.cluster(user), configuration: .autoscaler(version: "test"), clock: clock)
      let view = ClusterView(client: client, time: Timekeeper(ContinuousClock()))
      let object = ClusterObject.deployment("web", in: namespace)
      func other() async throws(TargetError) -> String? { try await view.otherAutoscaler(of: object) }
      let result: Result<Void, any Error>
      do {
        result = .success(
          try await view.watching(object) {
            try await server.poll("nobody else scales") { await isKnown(other) }
            // From now on, they are watched.
            await proxy.wait { $0.resource == "horizontalpodautoscalers" && $0.isWatch && $0.status == 200 }
            try await body(other, proxy, clock)
          })
      } catch {
        result = .failure(error)
      }
      await client.shutdown()
      try result.get()
    }
  }

  /// Whether it is known that nobody else scales.
  private func isKnown(_ other: () async throws(TargetError) -> String?) async -> Bool {
    if case .success(nil) = await answer(other) { true } else { false }
  }

  private func answer(
    _ other: () async throws(TargetError) -> String?
  ) async -> Result<String?, TargetError> {
    do throws(TargetError) { return .success(try await other()) } catch { return .failure(error) }
  }

  @Test("what was known counts no more once the right to list is taken away, until it is back")
  func forbidden() async throws {
    try await run { other, proxy, clock in
      proxy.add(.status(403, reason: "Forbidden"), to: Self.lists)
      proxy.resetConnections()
      let server = try #require(APIServerTrait.server)
      try await clock.pass(Self.pauses) {
        try await server.poll("the refusal is known") {
          if case .failure(let error) = await answer(other) { error.code == .denied } else { false }
        }
        proxy.clear()
        try await server.poll("it is known again") { await isKnown(other) }
      }
    }
  }

  @Test("what was known outlasts a failure that passes, and not a long one")
  func failing() async throws {
    try await run { other, proxy, clock in
      proxy.add(.status(500, reason: "InternalError"), to: Self.lists)
      proxy.resetConnections()
      // The first is known to have failed when there is a second.
      await clock.pass(Self.pauses) {
        await proxy.wait(for: 2) { $0.resource == "horizontalpodautoscalers" && $0.status == 500 }
      }
      #expect(await isKnown(other))

      clock.advance(by: ClusterView.longestSilence)
      let error = await #expect(throws: TargetError.self) { try await other() }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("HorizontalPodAutoscaler") == true, "\(error?.message ?? "")")

      proxy.clear()
      let server = try #require(APIServerTrait.server)
      try await clock.pass(Self.pauses) {
        try await server.poll("it is known again") { await isKnown(other) }
      }
    }
  }
}
