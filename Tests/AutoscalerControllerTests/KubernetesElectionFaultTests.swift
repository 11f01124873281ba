import Autoscaling
import HTTPTransport
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

@testable import AutoscalerController

@Suite(
  "Kubernetes: faults between a leader and the API server", .ifAPIServer, .apiServer,
  .timeLimit(.minutes(10)))
struct KubernetesElectionFaultTests {
  private let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  private static let leases = Fault.Match(nil, "/leases")

  /// What keeps a leader from its lease, and from nothing else unless it says so.
  private static let faults: [ConnectionFault] = [
    ConnectionFault(.hang, to: leases, code: nil, "the lease's requests are not answered"),
    ConnectionFault(.status(500, reason: "InternalError"), to: leases, code: nil, "the lease cannot be had"),
    ConnectionFault(
      .delay(ElectionBench.timing.renewDeadline + .seconds(1)), to: leases, code: nil,
      tail: ElectionBench.timing.renewDeadline + .seconds(1), "renewals come later than their deadline"),
    ConnectionFault.all.first { $0.testDescription == "connections are refused" },
  ].compactMap { $0 }

  @Test("a leader that is cut off stops before another leads, who takes over in time", arguments: faults)
  func cutOff(fault: ConnectionFault) async throws {
    let timing = ElectionBench.timing
    let name = fault.testDescription
    try await ElectionBench.run(server) { bench in
      let former = try await bench.leader(within: .seconds(60)).index
      bench.queue.set(2)
      try await bench.record.wait(for: 2, within: .seconds(60))

      try await fault.begin(bench.candidates[former].proxy)
      let cut = ContinuousClock.now
      // The other sees the last renewal when it happens. One that is late had yet to be sent.
      let bound = timing.duration + (fault.tail > .zero ? fault.tail + timing.retryPeriod * 1.2 : .zero)
      let next = try await bench.leader(otherThan: former, within: bound + .seconds(60))
      let sent = bench.candidates[former].changes
      let lost = try #require(bench.leaders.last { $0.value == nil && $0.at < next.since })
      print(
        "\(name): leadership ended after \((lost.at - cut).spelledOut), another led after "
          + "\((next.since - cut).spelledOut), meant to be below \(bound.spelledOut)")
      #expect(lost.at - cut < timing.renewDeadline + ElectionBench.allowance)
      #expect(next.since - cut < bound + ElectionBench.allowance)

      // The former leader could still change the replicas, in most cases, and does not.
      bench.queue.set(5)
      try await bench.record.wait(for: 5, within: .seconds(60))
      try await fault.end(bench.candidates[former].proxy)
      bench.queue.set(7)
      try await bench.record.wait(for: 7, within: .seconds(60))
      try await ContinuousClock().sleep(for: timing.retryPeriod * 2)
      #expect(bench.candidates[former].changes == sent)
      #expect(bench.leaders.last?.value == next.index)
      #expect(bench.clashes == [])
      #expect(bench.record.moments.map(\.value) == [0, 2, 5, 7])
    }
  }

  @Test("a leader that hears no answers to its renewals stops, and nobody leads beside it")
  func lostAnswers() async throws {
    try await ElectionBench.run(server) { bench in
      let leader = try await bench.leader(within: .seconds(60)).index
      let proxy = bench.candidates[leader].proxy
      let fault = proxy.add(.loseAnswer, to: .init(.put, "/leases"))
      let cut = ContinuousClock.now
      try await ContinuousClock().sleep(for: ElectionBench.timing.duration * 1.5)
      let lost = try #require(bench.leaders.first { $0.at > cut })
      #expect(lost.value == nil)
      #expect(lost.at - cut < ElectionBench.timing.renewDeadline + ElectionBench.allowance)
      proxy.clear(fault)
      _ = try await bench.leader(within: .seconds(60))
      #expect(bench.clashes == [])
    }
  }
}
