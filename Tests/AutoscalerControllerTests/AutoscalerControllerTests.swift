import Autoscaling
import Colonies
import JSON
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("The controller", .timeLimit(.minutes(10)))
struct AutoscalerControllerTests {
  @Test("a poll leads to a decision, and the decision to replicas")
  func scales() async throws {
    let reader = FakeQueueReader(waiting: 3, running: 1, finished: 7)
    let harness = Harness(["dev": reader])
    try await harness.run(AutoscalerConfiguration(try .sample())) {
      let line = try await harness.decision("fibonacci", waiting: 3)
      #expect(harness.target("fibonacci")?.sets == [4])
      #expect(line["level"] == "info")
      #expect(
        line["message"] == "scale up from 0 to 4: 3 waiting + 1 running need 4 replicas")
      #expect(
        line["metadata"] == [
          "ageSeconds": .double(0), "current": 0, "desired": 4, "direction": "up", "event": "decision",
          "finished": 7, "reason": "ScaledUp", "running": 1, "scaler": "fibonacci", "waiting": 3,
        ])
    }
    #expect(harness.target("fibonacci")?.isEnding == true)
    #expect(harness.log.lines.last?["message"] == "ended")
  }

  @Test("scalers of one colony share one call a poll")
  func sharing() async throws {
    let reader = FakeQueueReader(waiting: 6)
    let harness = Harness(["dev": reader])
    let configuration = AutoscalerConfiguration(
      try .sample("a"), try .sample("b", max: 3), try .sample("c", max: 2))
    try await harness.run(configuration) {
      for name in ["a", "b", "c"] { try await harness.decision(name, waiting: 6) }
      #expect(await reader.calls == 1)
      await reader.answer(waiting: 8)
      try await harness.poll()
      for name in ["a", "b", "c"] { try await harness.decision(name, waiting: 8) }
      #expect(await reader.calls == 2)
      #expect(await reader.listCalls == 0)
      #expect(["a", "b", "c"].map { harness.target($0)?.sets } == [[6, 8], [3], [2]])
    }
  }

  @Test("executor types of one colony get their own share")
  func severalTypes() async throws {
    let reader = FakeQueueReader(waiting: 250, running: 8)
    await reader.list(
      "a", waiting: ProcessListing(count: 2, executors: [], isComplete: true),
      running: ProcessListing(count: 3, executors: [], isComplete: true))
    await reader.list(
      "b", waiting: ProcessListing(count: 100, executors: [], isComplete: false),
      running: ProcessListing(count: 5, executors: [], isComplete: true))
    let harness = Harness(["dev": reader])
    let configuration = AutoscalerConfiguration(
      try .sample("a", executorType: "a"), try .sample("b", executorType: "b", max: 500))
    try await harness.run(configuration) {
      try await harness.decision("a", waiting: 2)
      // What the list of 100 leaves out is at most what the colony has and others are not known to have.
      try await harness.decision("b", waiting: 248)
      #expect(harness.target("a")?.sets == [5])
      #expect(harness.target("b")?.sets == [253])
      #expect(await reader.calls == 1)
    }
  }

  @Test("a server that does not answer delays nobody else, and is given up after its deadline")
  func slowServer() async throws {
    let slow = FakeQueueReader(.silence)
    let quick = FakeQueueReader(waiting: 1)
    let harness = Harness(["slow": slow, "quick": quick])
    let configuration = AutoscalerConfiguration(
      try .sample("slow", colony: "slow"), try .sample("quick", colony: "quick"))
    try await harness.run(configuration) {
      try await harness.decision("quick", waiting: 1)
      // The quick one has answered, so that this deadline is that of the slow one.
      try await harness.clock.sleep(in: .seconds(5) ... .seconds(5))
      for waiting in 2...5 {
        await quick.answer(waiting: waiting)
        try await harness.clock.pass(.milliseconds(1) ... .seconds(1))
        try await harness.decision("quick", waiting: waiting)
      }
      #expect(await slow.calls == 1)
      try await harness.clock.pass(.milliseconds(1) ... .seconds(1))
      let line = try await harness.log.line("decision") { $0["scaler"] == "slow" }
      #expect(line["message"] == "hold at 0: the reading failed: no answer within 5.0 seconds")
      #expect(line["metadata"]?["reason"] == "ReadingFailed")
      #expect(line["level"] == "warning")
      #expect(harness.target("slow")?.sets == [])
    }
  }

  @Test("several queues make one demand, and one that fails lowers nothing")
  func severalQueues() async throws {
    let first = FakeQueueReader(waiting: 3)
    let second = FakeQueueReader(waiting: 4)
    let harness = Harness(["dev": first, "other": second])
    var scaler = try ScalerConfiguration.sample()
    scaler.otherQueues = [
      QueueConfiguration(
        server: scaler.server, colony: ColonyReference(name: "other"), credentials: scaler.credentials,
        executorType: "fibonacci")
    ]
    try await harness.run(AutoscalerConfiguration(scaler)) {
      try await harness.decision("fibonacci", waiting: 7)
      #expect(harness.target("fibonacci")?.sets.last == 7)
      await second.answer(.failure("connection refused"))
      await first.answer(waiting: 1, finished: 2)
      // Both have their next poll before them.
      try await harness.clock.sleep(in: Harness.pollTime, count: 2)
      try await harness.poll()
      let line = try await harness.log.line("decision") { $0["waiting"] == 1 && $0["desired"] == 7 }
      #expect(line["metadata"]?["reason"] == "DemandIsLowerBound")
      #expect(await first.calls >= 2)
    }
  }

  @Test("a shortage is asked for only where more are wanted and some do not work, and keeps from growth")
  func shortage() async throws {
    let reader = FakeQueueReader(waiting: 2)
    let harness = Harness(["dev": reader])
    try await harness.run(AutoscalerConfiguration(try .sample())) {
      try await harness.decision("fibonacci", waiting: 2)
      let target = try #require(harness.target("fibonacci"))
      target.run(short: CapacityShortage(.quota, cause: "exceeded quota: pods"), ready: 2)
      await reader.answer(waiting: 3)
      try await harness.poll()
      try await harness.decision("fibonacci", waiting: 3)
      #expect(target.sets == [2, 3])
      #expect(target.questions == 0)
      await reader.answer(waiting: 8)
      try await harness.poll()
      let line = try await harness.decision("fibonacci", waiting: 8)
      let message = line["message"]?.string
      #expect(
        message
          == "hold at 3: 8 waiting + 0 running need 8 replicas; the quota has no room for some that are wanted "
          + "already (exceeded quota: pods), until they run or are wanted no more, otherwise 8")
      #expect(line["level"] == "warning")
      #expect(target.sets == [2, 3])
      #expect(target.questions == 1)
    }
  }

  @Test("an objective gets its service times, from one list, and only where there is an objective")
  func objective() async throws {
    let reader = FakeQueueReader(waiting: 0)
    await reader.measure("fibonacci", [.seconds(1), .seconds(3)])
    let harness = Harness(["dev": reader])
    var scaler = try ScalerConfiguration.sample(processesPerReplica: 100, drainWithin: .seconds(16))
    scaler.name = "objective"
    try await harness.run(AutoscalerConfiguration(try .sample(), scaler)) {
      try await harness.decision("objective", waiting: 0)
      // The service times have been read, and are to be read again.
      try await harness.clock.sleep(in: .seconds(30) ... .seconds(30))
      await reader.answer(waiting: 7)
      try await harness.poll()
      try await harness.decision("objective", waiting: 7)
      // 16 s less 2 s of service leave 14 s to begin, 7 processes for a replica that is ready.
      #expect(harness.target("objective")?.sets == [1])
      await reader.answer(waiting: 22)
      try await harness.poll()
      let line = try await harness.log.line("decision") { $0["scaler"] == "objective" && $0["waiting"] == 22 }
      #expect(
        line["message"]?.string?.hasPrefix(
          "scale up from 1 to 4: 22 waiting + 0 running need 4 replicas to finish within 16 s") == true)
      #expect(await reader.measureCalls == 1)
    }
  }

  @Test("failures hold, then lead to the fallback, and a reading ends the worry")
  func fallback() async throws {
    let reader = FakeQueueReader(waiting: 2)
    let harness = Harness(["dev": reader])
    let scaler = try ScalerConfiguration.sample(fallback: FallbackPolicy(afterFailures: 3, replicas: 5))
    try await harness.run(AutoscalerConfiguration(scaler)) {
      try await harness.decision("fibonacci", waiting: 2)
      await reader.answer(.failure("connection refused"))
      for polls in 1...3 {
        try await harness.poll()
        try await harness.log.line("decision") { $0["unknownPolls"]?.int == polls }
      }
      #expect(harness.target("fibonacci")?.sets == [2, 5])
      await reader.answer(waiting: 5)
      try await harness.poll()
      try await harness.decision("fibonacci", waiting: 5)
      #expect(harness.target("fibonacci")?.sets == [2, 5])
      #expect(
        harness.log.messages("decision") == [
          "scale up from 0 to 2: 2 waiting + 0 running need 2 replicas",
          "hold at 2: the reading failed: connection refused",
          "scale up from 2 to 5: the reading failed: connection refused (unknown for 3 polls, 2 s); "
            + "fallback of 5 replicas after 3 polls",
          "hold at 5: 5 waiting + 0 running need 5 replicas",
        ])
    }
  }

  @Test("a dry run decides, says so once, and touches nothing")
  func dryRun() async throws {
    let reader = FakeQueueReader(waiting: 3)
    let harness = Harness(["dev": reader])
    try await harness.run(AutoscalerConfiguration(try .sample()), isDryRun: true) {
      let line = try await harness.decision("fibonacci", waiting: 3)
      #expect(
        line["message"] == "dry run: scale up from 0 to 3: 3 waiting + 0 running need 3 replicas")
      #expect(line["metadata"]?["dryRun"] == true)
      try await harness.poll()
      await reader.answer(waiting: 4)
      try await harness.poll()
      try await harness.decision("fibonacci", waiting: 4)
      #expect(
        harness.log.messages("decision") == [
          "dry run: scale up from 0 to 3: 3 waiting + 0 running need 3 replicas",
          "dry run: scale up from 0 to 4: 4 waiting + 0 running need 4 replicas",
        ])
    }
    #expect(harness.target("fibonacci")?.sets == [])
    #expect(harness.target("fibonacci")?.runs == 0)
  }

  @Test("a paused scaler changes nothing, and says what it would do")
  func paused() async throws {
    let harness = Harness(["dev": FakeQueueReader(waiting: 3)])
    try await harness.run(AutoscalerConfiguration(try .sample(isPaused: true))) {
      let line = try await harness.decision("fibonacci", waiting: 3)
      #expect(
        line["message"]
          == "hold at 0: 3 waiting + 0 running need 3 replicas; paused by the configuration, otherwise 3")
      #expect(harness.target("fibonacci")?.sets == [])
    }
  }

  @Test("a conflict means to look again and decide again")
  func conflict() async throws {
    let reader = FakeQueueReader(waiting: 3)
    let harness = Harness(["dev": reader])
    try await harness.run(AutoscalerConfiguration(try .sample())) {
      try await harness.decision("fibonacci", waiting: 3)
      let target = try #require(harness.target("fibonacci"))
      target.fail(with: [TargetError(.conflict, "changed"), TargetError(.conflict, "changed")])
      await reader.answer(waiting: 6)
      try await harness.poll()
      try await harness.decision("fibonacci", waiting: 6)
      #expect(target.sets == [3, 6])
      #expect(harness.log.lines("targetFailed").isEmpty)
    }
  }

  @Test("a target that fails is told once, and tried again at the next poll")
  func failingTarget() async throws {
    let reader = FakeQueueReader(waiting: 0)
    let harness = Harness(["dev": reader])
    try await harness.run(AutoscalerConfiguration(try .sample())) {
      try await harness.decision("fibonacci", waiting: 0)
      let target = try #require(harness.target("fibonacci"))
      target.fail(with: [TargetError(.denied, "forbidden"), TargetError(.denied, "forbidden")])
      await reader.answer(waiting: 6)
      // As many polls as it takes: two observations may be taken in as one.
      while target.sets.isEmpty { try await harness.poll() }
      try await harness.decision("fibonacci", waiting: 6)
      #expect(target.sets == [6])
      #expect(harness.log.lines("targetFailed").map { $0["message"] } == ["forbidden"])
    }
  }

  @Test("demand that was read while the target did not answer keeps replicas as any other does")
  func demandInAnOutage() async throws {
    let reader = FakeQueueReader(waiting: 8)
    let harness = Harness(["dev": reader])
    try await harness.run(AutoscalerConfiguration(try .sample(idleFor: .seconds(5)))) {
      try await harness.decision("fibonacci", waiting: 8)
      await reader.answer(waiting: 0)
      try await harness.poll()
      try await harness.decision("fibonacci", waiting: 0)
      let target = try #require(harness.target("fibonacci"))
      target.setAway(true)
      await reader.answer(waiting: 5)
      try await harness.poll()
      try await harness.log.line("targetFailed")
      target.setAway(false)
      await reader.answer(waiting: 0)
      while target.sets.last != 0 { try await harness.poll() }
      // The eight were seen for the last time before the five.
      #expect(target.sets == [8, 5, 0])
    }
  }
}
