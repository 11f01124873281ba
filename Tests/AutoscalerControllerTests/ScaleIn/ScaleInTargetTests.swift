import Autoscaling
import Colonies
import JSON
import KubernetesClient
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Taking workers away", .timeLimit(.minutes(10)))
struct ScaleInTargetTests {
  /// Pods `a`, `b` and so on, of which some are busy.
  private func world(_ pods: Int, busy: [Int] = []) -> ScaleInWorld {
    ScaleInWorld { state in
      for index in 0..<pods { state.addPod(Self.name(index), isBusy: busy.contains(index)) }
    }
  }

  private static func name(_ index: Int) -> String { "w-6d4cf56db6-bbbb\(Array("bcdfghjklm")[index])" }

  @Test("the idle go, in the order of the protocol, and nobody stays cordoned")
  func idleGo() async throws {
    let world = world(3, busy: [0, 2])
    let bench = try ScaleInBench(world)
    #expect(try await bench.want(2) == .underWay(ScaleInWait(wanted: 2)))
    #expect(world.with { $0.writes } == [], "nothing is done where decisions are made")
    #expect(try await bench.shrink(to: 2))
    let victim = Self.name(1)
    let least = ScaleInBusyCost.range.lowerBound
    #expect(
      world.with { $0.writes } == [
        "order \(victim)", "cost \(Self.name(0)) \(least)", "cost \(Self.name(2)) \(least)",
        "mark \(victim) drain", "cost \(victim) \(Int32.min)", "replicas 2",
      ])
    #expect(world.with { $0.removed } == [victim])
    #expect(bench.told == [2])
    #expect(try await bench.settle())
  }

  @Test("a cost is relied on only when it has been seen for longer than clusters take to see it")
  func settling() async throws {
    let world = world(2)
    let bench = try ScaleInBench(world)
    var costAt: Duration?
    var setAt: Duration?
    for _ in 0..<20 where setAt == nil {
      try await bench.want(1)
      await bench.turn()
      let writes = world.with { $0.writes }
      if costAt == nil, writes.contains(where: { $0.hasPrefix("cost") }) { costAt = bench.clock.now.offset }
      if writes.contains("replicas 1") { setAt = bench.clock.now.offset }
    }
    let wait = try #require(setAt) - #require(costAt)
    #expect(wait >= .milliseconds(1500))
  }

  @Test("while all are busy nobody goes, and it is said why")
  func allBusy() async throws {
    let world = world(2, busy: [0, 1])
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1, turns: 10))
    #expect(try await bench.obstacles(1).contains("workersBusy"))
    #expect(world.with { $0.writes.filter { !$0.hasPrefix("cost ") } } == [])
  }

  @Test("one that takes work in the moment before it is cordoned is let free, and another goes")
  func tookWork() async throws {
    let world = world(2)
    world.with { state in
      state.before["order"] = { state in state.busy.insert("id-\(Self.name(1))") }
    }
    let bench = try ScaleInBench(world)
    #expect(try await bench.shrink(to: 1))
    #expect(world.with { $0.removedBusy } == [])
    #expect(world.with { $0.removed } == [Self.name(0)])
    #expect(try await bench.settle())
    #expect(world.with { $0.cordoned } == [])
  }

  @Test("more demand in the middle grows at once, and undoes what was begun")
  func growth() async throws {
    let world = world(3)
    let bench = try ScaleInBench(world)
    for _ in 0..<3 {
      try await bench.want(1)
      await bench.turn()
    }
    #expect(world.with { $0.cordoned.count } == 2)
    #expect(try await bench.want(5) == .changed)
    #expect(world.with { $0.replicas } == 5)
    #expect(try await bench.settle())
    #expect(world.with { $0.removed } == [])
  }

  @Test("when no fewer are wanted any more, a change that is about to be sent is not")
  func hold() async throws {
    let world = world(3)
    let bench = try ScaleInBench(world)
    world.with { state in
      state.before["setReplicas"] = { state in
        // Something that does not matter, so that the change is sent again.
        state.version += 1
        state.meanwhile = { await #expect(throws: Never.self) { try await bench.want(3) } }
      }
    }
    var turns = 0
    while world.with({ $0.before["setReplicas"] != nil }), turns < 20 {
      try await bench.want(1)
      await bench.turn()
      turns += 1
    }
    #expect(try await bench.settle())
    #expect(world.with { $0.replicas } == 3)
    #expect(world.with { $0.removed } == [])
    #expect(try await bench.shrink(to: 1))
  }

  @Test("what a controller that died had begun is undone by the next one, at every step", arguments: 1...8)
  func crash(turns: Int) async throws {
    let world = world(3)
    let first = try ScaleInBench(world)
    for _ in 0..<turns {
      try await first.want(2)
      await first.turn()
    }
    let second = try ScaleInBench(world)
    #expect(try await second.settle())
    #expect(world.with { $0.removed.count } <= 1)
    // And it can finish what is still wanted.
    #expect(try await second.shrink(to: 1))
    #expect(world.with { $0.removedBusy } == [])
    #expect(try await second.settle())
  }

  @Test("who does not lead writes nothing, neither to the queue nor to the cluster")
  func notLeading() async throws {
    let world = world(2)
    let bench = try ScaleInBench(world)
    bench.lead(false)
    #expect(try await !bench.shrink(to: 1, turns: 5))
    #expect(world.with { $0.writes } == [])
    bench.lead(true)
    try await bench.want(1)
    await bench.turn()
    bench.lead(false)
    let before = world.with { $0.writes }
    for _ in 0..<10 {
      try await bench.want(1)
      await bench.turn()
    }
    #expect(world.with { $0.writes } == before)
  }

  @Test("a change of the target that does not matter is overtaken at once, another is looked at again")
  func conflict() async throws {
    let world = world(3)
    world.with { state in state.before["setReplicas"] = { $0.version += 1 } }
    let bench = try ScaleInBench(world)
    #expect(try await bench.shrink(to: 2))
    #expect(bench.told == [2])
    #expect(try await bench.settle())
    world.with { state in
      state.before["setReplicas"] = { state in
        state.version += 1
        state.generation += 1
      }
    }
    var turns = 0
    while world.with({ $0.before["setReplicas"] != nil }), turns < 20 {
      try await bench.want(1)
      await bench.turn()
      turns += 1
    }
    #expect(world.with { $0.replicas } == 2, "what is wanted may be something else now")
    #expect(try await bench.shrink(to: 1))
    #expect(bench.told == [2, 1])
  }

  @Test(
    "while a part is not known nobody goes, and it is said what",
    arguments: ["pods", "workers", "processes", "observe"])
  func unknown(_ part: String) async throws {
    let world = world(2)
    world.with { $0.failures[part] = TargetError(.denied, "may not \(part)") }
    let bench = try ScaleInBench(world)
    if part == "observe" {
      // Decisions are not made then; the wish is from before.
      world.with { $0.failures = [:] }
      try await bench.want(1)
      world.with { $0.failures[part] = TargetError(.denied, "may not \(part)") }
      for _ in 0..<5 { await bench.turn() }
    } else {
      #expect(try await !bench.shrink(to: 1, turns: 5))
      #expect(try await bench.obstacles(1).contains { $0.contains("may not \(part)") })
    }
    #expect(world.with { $0.writes } == [])
    world.with { $0.failures = [:] }
    #expect(try await bench.shrink(to: 1))
  }

  @Test("what fails on the way is tried again or undone", arguments: ["order", "annotate", "setReplicas"])
  func failures(_ call: String) async throws {
    let world = world(3, busy: [0])
    world.with { $0.failures[call] = TargetError(.unavailable, "\(call) does not work") }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1, turns: 10))
    #expect(!bench.log.lines("scaleInFailed").isEmpty)
    world.with { $0.failures = [:] }
    #expect(try await bench.shrink(to: 1, turns: 400))
    #expect(world.with { $0.removedBusy } == [])
    #expect(try await bench.settle())
  }

  @Test("workers that a list which is cut off does not show are asked about, and the busy among them stay")
  func cutOff() async throws {
    let world = world(4, busy: [0, 1])
    world.with { $0.hidden = ["id-\(Self.name(0))"] }
    let bench = try ScaleInBench(world)
    #expect(try await bench.shrink(to: 2))
    #expect(world.with { $0.removed.sorted() } == [Self.name(2), Self.name(3)])
    #expect(world.with { $0.askedAbout.contains(Self.name(0)) && !$0.askedAbout.contains(Self.name(1)) })
  }

  @Test(
    "an order that a cut list did not show is found when the list is whole, without listing in every look")
  func orderBehindTheCut() async throws {
    let world = world(2, busy: [0, 1])
    world.with { state in
      state.orders["left"] = ScaleInWorld.FakeOrder(addressee: Self.name(0))
      state.cutsWaiting = true
    }
    let bench = try ScaleInBench(world)
    func wait(_ time: Duration) async throws {
      let end = bench.clock.now.advanced(by: time)
      while bench.clock.now < end {
        try await bench.want(1)
        await bench.turn()
      }
    }
    try await wait(.seconds(60))
    #expect(world.with { $0.cordoned } == [Self.name(0)])
    #expect((2...3).contains(world.with { $0.waitingLists }))
    world.with { $0.cutsWaiting = false }
    try await wait(.seconds(31))
    #expect(world.with { $0.cordoned } == [])
    let lists = world.with { $0.waitingLists }
    try await wait(.seconds(60))
    #expect(world.with { $0.waitingLists } == lists)
  }

  @Test("a worker that does not know drain orders is never taken away, and that is told")
  func ignorant() async throws {
    let world = world(2, busy: [1])
    world.with { $0.ignorant = [Self.name(0)] }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1, turns: 60))
    #expect(world.with { $0.removed } == [])
    #expect(bench.announced.contains { $0.reason == "ScaleInMissed" })
  }

  @Test("where the cluster's choice is not known, it shrinks only while all are idle and cordoned")
  func unknownVictims() async throws {
    let world = world(3, busy: [0])
    world.with { $0.honorsDeletionCost = false }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 2, turns: 20))
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 2, turns: 200))
    #expect(try await bench.settle())
  }

  @Test("in a rollout nobody goes while somebody works")
  func rollout() async throws {
    let world = world(3, busy: [0])
    world.with { $0.pods[Self.name(1)]?.owner = "other" }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 2, turns: 10))
    #expect(try await bench.obstacles(2).contains("rollout"))
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 2, turns: 100))
  }

  @Test("with approvals, the chosen are rejected, and one that took work is approved again")
  func approval() async throws {
    let world = world(3, busy: [0])
    world.with { state in
      state.before["rejected"] = { state in state.busy.insert("id-\(Self.name(2))") }
    }
    let bench = try ScaleInBench(world, cordon: .approval, owner: true)
    #expect(try await bench.shrink(to: 2))
    #expect(world.with { $0.removedBusy } == [])
    #expect(try await bench.settle())
    #expect(world.with { $0.workers.values.allSatisfy { $0.state == .approved } })
    #expect(world.with { $0.orders.isEmpty })
  }

  @Test("nobody is approved whom somebody else rejected")
  func rejectedByOthers() async throws {
    let world = world(3, busy: [0])
    world.with { $0.workers["id-\(Self.name(0))"]?.state = .rejected }
    let bench = try ScaleInBench(world, cordon: .approval, owner: true)
    for _ in 0..<5 {
      try await bench.want(2)
      await bench.turn()
    }
    try await bench.want(3)
    for _ in 0..<5 { await bench.turn() }
    #expect(world.with { $0.writes.contains("approved \(Self.name(0))") } == false)
    #expect(world.with { $0.workers["id-\(Self.name(0))"]?.state } == .rejected)
  }

  @Test("a worker that works keeps its pod, also when that has a newer one", arguments: [true, false])
  func olderWorks(isHidden: Bool) async throws {
    let world = world(2)
    let pod = Self.name(0)
    world.with { state in
      state.addSecond(in: pod, after: 5)
      state.busy = ["id-\(pod)"]
      if isHidden { state.hidden = state.busy }
    }
    let bench = try ScaleInBench(world)
    #expect(try await bench.shrink(to: 1))
    #expect(world.with { $0.removed } == [Self.name(1)])
    #expect(try await !bench.shrink(to: 0))
    #expect(world.with { $0.removedBusy } == [])
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 0))
  }

  @Test("a pod with two workers that live goes only with all others, as an order keeps only one from work")
  func sharedPod() async throws {
    let world = world(2, busy: [1])
    let pod = Self.name(0)
    world.with { state in
      state.addSecond(in: pod, after: 5)
      state.hear("id-\(pod)", after: 10)
      state.hear("id-\(pod)-2", after: 12)
    }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1))
    #expect(try await bench.obstacles(1).contains("unmappedWorkers"))
    // The older one is not heard of any more: it has died.
    world.with { $0.hear("id-\(pod)-2", after: 120) }
    #expect(try await bench.shrink(to: 1))
    #expect(world.with { $0.removed } == [pod])
  }

  @Test("a pod that the watch has missed is not taken away in the place of others")
  func missedPod() async throws {
    let world = world(3, busy: [0])
    world.with { state in
      state.honorsDeletionCost = false
      state.missed = [Self.name(0)]
    }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1, turns: 200))
    #expect(world.with { $0.removed } == [])
    #expect(world.with { $0.missed } == [], "the watch was begun anew")
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 1, turns: 200))
  }

  @Test("nobody goes while it cannot be found out whether a watch has missed a pod")
  func unlistedPods() async throws {
    let world = world(2)
    world.with { $0.failures["hasOnly"] = TargetError(.unavailable, "no list") }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1))
    #expect(world.with { $0.removed } == [])
    #expect(bench.log.messages("scaleInFailed").contains { $0.contains("no list") })
    world.with { $0.failures = [:] }
    #expect(try await bench.shrink(to: 1, turns: 400))
  }

  @Test("when workers last ended work is asked once, also of a server that does not say")
  func endedOnce() async throws {
    let world = world(2, busy: [0, 1])
    world.with { $0.failures["ended"] = TargetError(.unavailable, "too slow") }
    let bench = try ScaleInBench(world)
    try await bench.shrink(to: 1, turns: 10)
    #expect(world.with { $0.calls["ended"] } == 1)
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 1))
  }

  @Test("a wish that nobody confirms any more is given up and undone")
  func forgottenWish() async throws {
    let world = world(2)
    let bench = try ScaleInBench(world)
    try await bench.want(1)
    await bench.turn()
    #expect(world.with { $0.cordoned.count } == 1)
    bench.clock.advance(by: .seconds(31))
    for _ in 0..<5 { await bench.turn() }
    #expect(world.with { $0.cordoned } == [])
    #expect(world.with { $0.removed } == [])
  }

  @Test("an order that goes back to the queue while it is looked at is not forgotten")
  func orderGoesBack() async throws {
    let world = world(1)
    let bench = try ScaleInBench(world)
    try await bench.want(0)
    for _ in 0..<2 { await bench.turn() }
    let id = try #require(world.with { $0.orders.first { $0.value.standing != .ended }?.key })
    world.with { state in
      // Its worker holds it when it is asked about; then that crashes, and the next one in its pod has another id.
      state.before["processes"] = { state in
        state.orders[id] = ScaleInWorld.FakeOrder(addressee: "gone", standing: .waiting)
      }
    }
    await bench.turn()
    try await bench.want(1)
    for _ in 0..<3 { await bench.turn() }
    #expect(world.with { $0.orders[id]?.standing } == .ended)
  }

  @Test("when nothing is to be done, nothing is asked and no pods are watched")
  func quiet() async throws {
    let world = world(2)
    let bench = try ScaleInBench(world)
    try await bench.want(2)
    await bench.turn()
    #expect(await bench.turn() >= .seconds(30))
    world.with { $0.failures["workers"] = TargetError(.denied, "asked") }
    for _ in 0..<5 {
      try await bench.want(2)
      #expect(await bench.turn() >= .seconds(30))
    }
    #expect(world.with { $0.watches } == 0)
    #expect(bench.log.lines("scaleInBlind").isEmpty)
  }

  @Test("workers whose pods are gone are unregistered after a while, and no one else")
  func orphans() async throws {
    let world = world(1)
    world.with { state in
      for name in ["w-6d4cf56db6-zzzzz", "w-other-6d4cf56db6-zzzzz", "somebody"] {
        state.workers["id-\(name)"] = Executor(
          id: "id-\(name)", type: "fibonacci", name: name, state: .approved)
      }
    }
    let bench = try ScaleInBench(world, owner: true)
    for _ in 0..<2 {
      try await bench.want(1)
      await bench.turn()
    }
    #expect(world.with { $0.writes } == [])
    try await bench.lookEachMinute(wanting: 1)
    #expect(world.with { $0.writes } == ["unregister w-6d4cf56db6-zzzzz"])
  }

  @Test("the worker of a pod that has ended is unregistered, though the pod was not deleted")
  func endedPod() async throws {
    let world = world(2)
    world.with { state in
      state.pods[Self.name(1)]?.phase = "Failed"
      state.replicas = 1
    }
    let bench = try ScaleInBench(world, owner: true)
    try await bench.lookEachMinute(wanting: 1)
    #expect(world.with { $0.writes } == ["unregister \(Self.name(1))"])
  }

  @Test("a server that is slow to unregister workers does not hold up what else is to be done")
  func slowUnregistering() async throws {
    let world = world(1)
    let bench = try ScaleInBench(world, owner: true)
    let clock = bench.clock
    world.with { state in
      for end in ["zzzzx", "zzzzz"] { state.addStranger("w-6d4cf56db6-\(end)") }
      state.before["unregister"] = { _ in clock.advance(by: .seconds(5)) }
    }
    func unregistered(_ count: Int) async throws -> Bool {
      for _ in 0..<10 where world.with({ $0.calls["unregister"] ?? 0 }) < count {
        try await bench.want(1)
        clock.advance(by: .seconds(60))
        await bench.turn()
      }
      return world.with { $0.calls["unregister"] } == count
    }
    #expect(try await unregistered(1))
    #expect(try await unregistered(2))
  }

  @Test("in the runtime API a busy worker is not heard of, and stays registered when its pod is gone")
  func busyOrphan() async throws {
    let world = world(1)
    let name = "w-6d4cf56db6-zzzzz"
    world.with { state in
      state.reachesUnregistered = false
      state.workers["id-\(name)"] = Executor(
        id: "id-\(name)", type: "fibonacci", name: name, state: .approved)
      state.busy = ["id-\(name)"]
    }
    let bench = try ScaleInBench(world, owner: true)
    try await bench.lookEachMinute(wanting: 1)
    #expect(world.with { $0.writes } == [])
    world.with { $0.busy = [] }
    try await bench.lookEachMinute(wanting: 1)
    #expect(world.with { $0.writes } == ["unregister \(name)"])
  }

  @Test("a dry run by the server changes nothing at the queue, and tells who would go")
  func serverDryRun() async throws {
    let world = world(2, busy: [0])
    // What another autoscaler has under way, or would do, is left to it.
    world.with { state in
      state.orders["order"] = .init(addressee: Self.name(1))
      state.workers["id-gone"] = Executor(
        id: "id-gone", type: "fibonacci", name: "w-6d4cf56db6-zzzzz", state: .approved)
    }
    let bench = try ScaleInBench(world, owner: true, isServerDryRun: true)
    #expect(try await bench.want(1) == .changed)
    for _ in 0..<10 {
      bench.clock.advance(by: .seconds(60))
      await bench.turn()
      #expect(try await bench.want(1) == .unchanged)
    }
    #expect(world.with { $0.writes } == ["replicas 1"])
    let line = try #require(bench.log.lines("scaleInRehearsed").first)
    #expect(line["message"]?.string?.contains("would take away \(Self.name(1))") == true)
  }

  @Test("a dry run tells who would go, once, and does nothing")
  func dryRun() async throws {
    let world = world(2, busy: [0])
    let observed = ObservedTarget(try ScaleInBench(world).target)
    let seen = try await observed.observe()
    for _ in 0..<3 { #expect(try await observed.pursue(1, from: seen) { _ in } == .changed) }
    #expect(world.with { $0.writes } == [])
  }

  @Test("the end waits for a change that may still arrive, and then lets free whoever was cordoned")
  func endInDoubt() async throws {
    let world = world(3)
    let bench = try ScaleInBench(world)
    world.with { state in
      state.failures["setReplicas"] = TargetError(.unavailable, "no answer")
      state.before["setReplicas"] = { $0.writes.append("sent") }
    }
    while !world.with({ $0.writes.contains("sent") }) {
      try await bench.want(1)
      await bench.turn()
    }
    #expect(world.with { $0.cordoned.count } == 2)
    await bench.target.end()
    let clock = bench.clock
    let end = clock.now
    await clock.pass(.zero ... .seconds(1)) { await bench.target.run() }
    // Half a second passed in the turn in which it was sent.
    #expect(end.duration(to: clock.now) >= ScaleInPolicy().requestDeadline - .milliseconds(500))
    #expect(world.with { $0.cordoned } == [])
  }

  @Test("at the end, whoever was cordoned is let free", arguments: [ScaleInPolicy.Cordon.drain, .approval])
  func end(_ cordon: ScaleInPolicy.Cordon) async throws {
    let world = world(3)
    let bench = try ScaleInBench(world, cordon: cordon, owner: cordon == .approval)
    for _ in 0..<2 {
      try await bench.want(1)
      await bench.turn()
    }
    #expect(world.with { $0.cordoned.count } == 2)
    await bench.target.end()
    let clock = bench.clock
    await clock.pass(.zero ... .seconds(1)) { await bench.target.run() }
    #expect(world.with { $0.cordoned } == [])
    #expect(world.with { $0.removed } == [])
  }

  @Test("the end waits no longer than it may for a queue that does not answer", .timeLimit(.minutes(2)))
  func endInSilence() async throws {
    let world = world(3)
    let bench = try ScaleInBench(world, deadline: .seconds(60))
    for _ in 0..<2 {
      try await bench.want(1)
      await bench.turn()
    }
    #expect(world.with { $0.cordoned.count } == 2)
    world.with { $0.isSilent = true }
    await bench.target.end()
    let clock = bench.clock
    let end = clock.now
    // The deadline of the call that hangs does not pass.
    await clock.pass(.zero ... .seconds(5)) { await bench.target.run() }
    #expect(end.duration(to: clock.now) <= .seconds(6))
  }
}
