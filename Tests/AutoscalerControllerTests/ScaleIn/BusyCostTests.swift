import Autoscaling
import Colonies
import KubernetesClient
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("The costs of busy pods while workers are taken away")
struct BusyCostTests {
  private static let old = "w-6d4cf56db6-bbbbb"
  private static let young = "w-6d4cf56db6-bbbbc"

  /// Two busy pods, at work for an hour and for five seconds.
  private let world = ScaleInWorld { state in
    for (name, age) in [(Self.old, 3600), (Self.young, 5)] {
      state.addPod(name, isBusy: true)
      state.busySince["id-\(name)"] = Timestamp(nanoseconds: Int64(-age) * 1_000_000_000)
    }
  }

  private func cost(_ name: String) -> String? {
    world.with { $0.pods[name]?.annotations[Pod.deletionCostAnnotation] }
  }

  private func cost(after seconds: Int) -> String { "\(ScaleInBusyCost.cost(after: .seconds(seconds)))" }

  @Test("the longer at work, the higher; nothing is written again, and all is taken away in the end")
  func age() async throws {
    let bench = try ScaleInBench(world)
    try await bench.shrink(to: 1, turns: 10)
    #expect(
      world.with { $0.writes } == [
        "cost \(Self.old) \(cost(after: 3600))", "cost \(Self.young) \(cost(after: 5))",
      ])
    #expect(try await bench.settle())
  }

  @Test("who leads next takes away what is left")
  func nextLeader() async throws {
    try await ScaleInBench(world).shrink(to: 1, turns: 2)
    #expect(cost(Self.old) != nil)
    #expect(try await ScaleInBench(world).settle())
  }

  @Test("what somebody else wrote stays")
  func foreign() async throws {
    world.with { $0.pods[Self.old]?.annotations[Pod.deletionCostAnnotation] = "7" }
    let bench = try ScaleInBench(world)
    try await bench.shrink(to: 1, turns: 5)
    #expect(cost(Self.old) == "7")
    #expect(cost(Self.young) == cost(after: 5))
    for _ in 0..<10 {
      try await bench.want(2)
      await bench.turn()
    }
    #expect(cost(Self.old) == "7")
    #expect(cost(Self.young) == nil)
  }

  @Test("one that cannot be written is told, and holds nothing up")
  func failure() async throws {
    let idle = "w-6d4cf56db6-bbbbd"
    world.with { state in
      state.addPod(idle)
      state.failures["annotateVersion"] = TargetError(.denied, "may not")
    }
    let bench = try ScaleInBench(world)
    #expect(try await bench.shrink(to: 2))
    #expect(world.with { $0.removed } == [idle])
    #expect(!bench.log.lines("scaleInFailed").isEmpty)
  }

  @Test("a pod that has changed since it was looked at is left for the next look")
  func changed() async throws {
    world.with { state in
      state.before["annotateVersion"] = { $0.pods[Self.old]?.version += 1 }
    }
    let bench = try ScaleInBench(world)
    try await bench.shrink(to: 1, turns: 1)
    #expect(cost(Self.old) == nil)
    #expect(cost(Self.young) != nil)
    #expect(bench.log.lines("scaleInFailed").isEmpty)
    try await bench.shrink(to: 1, turns: 1)
    #expect(cost(Self.old) != nil)
  }

  @Test("they are written between two looks, and do not put off the next one")
  func pause() async throws {
    let bench = try ScaleInBench(world)
    let clock = bench.clock
    world.with { state in
      state.before["annotateVersion"] = { _ in clock.advance(by: .milliseconds(600)) }
    }
    try await bench.want(1)
    let began = clock.now
    let rest = await bench.target.turn()
    let pause = await max(bench.target.scaler.policy.pollInterval, .milliseconds(600))
    #expect(began.duration(to: clock.now) + rest == pause)
    #expect(cost(Self.old) != nil)
    #expect(cost(Self.young) == nil)
  }
}
