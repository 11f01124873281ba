import Autoscaling
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite(
  "Kubernetes: faults of the connection to the API server", .ifAPIServer, .apiServer,
  .timeLimit(.minutes(10)))
struct KubernetesConnectionFaultTests {
  private let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  @Test(
    "replicas are right soon after a fault, and are never taken away wrongly", arguments: ConnectionFault.all)
  func fault(fault: ConnectionFault) async throws {
    // Longer than demand dips, also where two seconds take four.
    try await FaultBench.run(before: server, idleFor: .seconds(10)) { bench, proxy in
      let name = fault.testDescription
      try await bench.settle(at: 2)

      // While demand rises.
      try await fault.begin(proxy)
      bench.queue.set(5)
      try await ContinuousClock().sleep(for: .milliseconds(2500))
      try await fault.end(proxy)
      var end = ContinuousClock.now
      try await bench.expectRecovery(to: 5, since: end, more: fault.tail, "\(name), demand rises")

      // While all is steady; then it falls for less than a replica is kept, and rises.
      try await fault.begin(proxy)
      try await ContinuousClock().sleep(for: .milliseconds(700))
      bench.queue.set(3)
      try await ContinuousClock().sleep(for: .milliseconds(1300))
      bench.queue.set(6)
      try await ContinuousClock().sleep(for: .seconds(1))
      try await fault.end(proxy)
      end = ContinuousClock.now
      try await bench.expectRecovery(to: 6, since: end, more: fault.tail, "\(name), demand dips and rises")
      #expect(bench.record.moments.map(\.value) == [0, 2, 5, 6])

      // While it falls for good. What could not be decided on does not count as observed, so that replicas may
      // be kept for as long after the fault as if demand had fallen at its end.
      bench.queue.set(1)
      try await fault.last(.milliseconds(2500), at: proxy)
      try await bench.expectRecovery(
        to: 1, since: .now + bench.idleFor, more: fault.tail, "\(name), demand falls")
      #expect(bench.record.moments.map(\.value) == [0, 2, 5, 6, 1])
      bench.expectNoWrongScaleDown(lateness: .seconds(1) + fault.tail)
      if let code = fault.code { #expect(bench.requests(code) > 0, "failures are counted") }
    }
  }

  @Test("a controller that starts in an outage scales soon after it")
  func start() async throws {
    try await FaultProxy.run(before: server) { proxy in
      await proxy.refuse()
      try await FaultBench.run(server, by: { proxy.cluster($0) }) { bench in
        bench.queue.set(3)
        try await bench.log.line("targetFailed")
        try await proxy.accept()
        // The first list is tried again every two seconds at most.
        try await bench.expectRecovery(to: 3, since: .now, more: .seconds(1), "an outage from the beginning")
      }
    }
  }

  @Test("nothing that hangs keeps a controller from ending")
  func endsWhileAllHangs() async throws {
    try await FaultBench.run(before: server) { bench, proxy in
      try await bench.settle(at: 2)
      proxy.add(.hang)
      proxy.add(.hangWatch)
      proxy.resetConnections()
      bench.queue.set(4)
      await proxy.wait { $0.status == nil && $0.isWatch }
      await proxy.wait { $0.status == nil && !$0.isWatch }
      // The bench ends the controller, and measures how long that takes.
    }
  }

  // MARK: A watch that is silent

  @Test(
    "replicas that somebody takes away while the watch is dead are seen before its connection is given up")
  func interference() async throws {
    let silence: Duration = .seconds(2)
    try await FaultBench.run(before: server, longestSilence: silence) { bench, proxy in
      try await bench.settle(at: 4)
      proxy.add(.hangWatch)
      try await bench.set(replicas: 0)
      try await bench.record.wait(within: .seconds(10)) { $0.starts(with: [0, 4, 0]) }
      try await bench.expectRecovery(to: 4, since: .now, more: silence, "a change that no watch told")
      #expect(bench.record.moments.map(\.value) == [0, 4, 0, 4])
    }
  }

  @Test("a pause that the dead watch does not tell is seen before anything is changed")
  func pause() async throws {
    try await FaultBench.run(before: server) { bench, proxy in
      try await bench.settle(at: 4)
      proxy.add(.hangWatch)
      try await bench.annotate("true")
      bench.queue.set(6)
      try await Timekeeper(ContinuousClock()).within(.seconds(20)) {
        _ = try await bench.log.line("decision") { $0["reason"]?.string == "Paused" }
      }
      #expect(bench.record.moments.map(\.value) == [0, 4])
      try await bench.annotate(nil)
      proxy.clear()
      try await bench.expectRecovery(to: 6, since: .now, "the end of a pause")
    }
  }

  @Test("a target without replicas costs no requests, however silent its watch is")
  func quiet() async throws {
    try await FaultBench.run(before: server, longestSilence: .seconds(1)) { bench, proxy in
      await proxy.wait(for: 2) { $0.isWatch && $0.status == 200 }
      try await bench.log.line("decision") { $0["waiting"]?.int == 0 }
      let before = proxy.count { !$0.isWatch && $0.resource == "deployments" }
      try await ContinuousClock().sleep(for: .seconds(3))
      #expect(proxy.count { !$0.isWatch && $0.resource == "deployments" } == before)
    }
  }

  // MARK: All kinds

  @Test("no faults in any order take replicas away wrongly")
  func random() async throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed of the random faults: \(seed)")
    try await FaultBench.run(before: server) { bench, proxy in
      let end = ContinuousClock.now + .seconds(40)
      async let demanding: Void = {
        var random = SplitMix64(seed: seed ^ 1)
        while ContinuousClock.now < end {
          bench.queue.set(random.next(in: 0...8))
          if random.chance(30) { try await bench.annotate(note: "\(random.next(in: 0...1_000_000))") }
          try await ContinuousClock().sleep(for: .milliseconds(random.next(in: 200...4000)))
        }
      }()
      var random = SplitMix64(seed: seed)
      var told: [String] = []
      while ContinuousClock.now < end {
        let fault = random.element(of: ConnectionFault.all)
        let length = Duration.milliseconds(random.next(in: 300...4000))
        told.append("\(fault.testDescription) (\(length.spelledOut))")
        try await fault.last(length, at: proxy)
        try await ContinuousClock().sleep(for: .milliseconds(random.next(in: 0...2000)))
      }
      try await demanding
      bench.queue.set(9)
      try await bench.expectRecovery(to: 9, since: .now, more: .seconds(3), "random faults")
      bench.queue.set(0)
      try await bench.expectRecovery(to: 0, since: .now + bench.idleFor, "random faults, demand falls")
      // A fault may hold a change up for its own length, and three more seconds of delay.
      bench.expectNoWrongScaleDown(lateness: .seconds(8))
      print("random faults: \(told.joined(separator: "; "))")
      print("random faults: replicas were \(bench.record.moments.map(\.value))")
    }
  }
}

extension FaultBench {
  /// Sets the replicas, as a person does.
  fileprivate func set(replicas: Int) async throws {
    _ = try await server.client.patch(
      .deployments, Self.deployment, ["spec": ["replicas": .integer(replicas)]], in: namespace,
      subresource: "scale")
  }

  /// Pauses the autoscaler, or ends a pause.
  fileprivate func annotate(_ pause: String?) async throws {
    let value: JSONValue = pause.map { .string($0) } ?? .null
    _ = try await server.client.patch(
      .deployments, Self.deployment,
      ["metadata": ["annotations": .object([(ScaledObject.pauseAnnotation, value)])]], in: namespace)
  }

  /// Changes something about the Deployment that is not the autoscaler's business.
  fileprivate func annotate(note: String) async throws {
    _ = try await server.client.patch(
      .deployments, Self.deployment, ["metadata": ["annotations": ["example/note": .string(note)]]],
      in: namespace)
  }
}
