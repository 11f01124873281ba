import Autoscaling
import Testing

@Suite("The costs of busy pods")
struct ScaleInBusyCostTests {
  private static let least = ScaleInBusyCost.range.lowerBound

  /// Pods `fib-1` and so on that have been busy for so many seconds.
  private func scene(busyFor ages: [Int], idle: Int = 0, wanted: Int = 1) -> ScaleInScene {
    var scene = ScaleInScene(pods: ages.count + idle, wanted: wanted)
    for (index, age) in ages.enumerated() {
      scene.setBusy(index + 1, since: ScalingInstant(offset: .seconds(-age)))
    }
    return scene
  }

  @Test(
    "a cost is one higher each time the age has doubled",
    arguments: [
      (-5.0, 0), (0, 0), (0.999, 0), (1, 1), (2, 2), (3.999, 2), (4, 3), (3600, 12), (1e15, 31),
    ] as [(Double, Int32)])
  func steps(seconds: Double, step: Int32) {
    let age = Duration.seconds(seconds)
    #expect(ScaleInBusyCost.cost(after: age) == Self.least + step)
    #expect(ScaleInBusyCost.range.contains(ScaleInBusyCost.cost(after: age)))
  }

  @Test("the busy get costs by age, the oldest first, and nobody else does")
  func age() {
    var scene = scene(busyFor: [9, 70], idle: 1)
    scene.setBusy(3, nil)
    let step = scene.step()
    #expect(step.busyCosts.map(\.pod) == [.fib(2), .fib(1)])
    #expect(step.busyCosts.map(\.cost) == [Self.least + 7, Self.least + 4])
    #expect(step.busyCosts.allSatisfy { $0.revision == "v1" })
    #expect(scene.step().busyCosts.isEmpty)
    // They have doubled their ages at different times, and a new process begins at the beginning.
    scene.wait(.seconds(7))
    #expect(scene.step().busyCosts.map(\.pod) == [.fib(1)])
    scene.setBusy(2, since: scene.now)
    #expect(scene.step().busyCosts.map(\.cost) == [Self.least])
  }

  @Test("a busy pod whose age is not known gets the lowest cost of a busy one, and keeps what it has")
  func unknownAge() {
    var scene = scene(busyFor: [9, 9])
    scene.setBusy(1)
    #expect(scene.step().busyCosts.map(\.cost) == [Self.least + 4, Self.least])
    scene.setBusy(2)
    #expect(scene.step().busyCosts.isEmpty)
    scene.setBusy(2, nil)
    #expect(scene.step().busyCosts.isEmpty)
  }

  @Test(
    "what somebody else wrote is left alone",
    arguments: [
      0, 5, -5, Int32.max, ScaleInBusyCost.range.lowerBound - 1, ScaleInBusyCost.range.upperBound + 1,
    ])
  func foreign(cost: Int32) {
    var scene = scene(busyFor: [9, 9])
    scene.pods[0] = scene.pods[0].with(deletionCost: cost)
    #expect(scene.step().busyCosts.map(\.pod) == [.fib(2)])
    scene.wanted = 2
    scene.step()
    scene.wait(scene.policy.settle)
    #expect(scene.step().busyCosts.map(\.pod) == [.fib(2)])
    #expect(!scene.step().isUnderWay)
    #expect(scene.pods[0].deletionCost == cost)
  }

  @Test("nobody gets one where the target does not look at it, or when nobody is to go")
  func notNeeded() {
    var scene = scene(busyFor: [9, 9])
    scene.policy.victims = .unknown
    #expect(scene.step().busyCosts.isEmpty)
    scene.policy.victims = .deletionCost
    scene.wanted = 2
    #expect(scene.step().busyCosts.isEmpty)
  }

  @Test("who is idle again loses it at once, before anybody gets one")
  func idleAgain() {
    var scene = scene(busyFor: [9, 9, 9], wanted: 2)
    scene.pods[0] = scene.pods[0].with(condition: .notReady)
    #expect(scene.step().busyCosts.count == 3)
    scene.setBusy(1, false)
    scene.setBusy(3, since: scene.now)
    let step = scene.step()
    #expect(step.busyCosts.map(\.pod) == [.fib(1), .fib(3)])
    #expect(step.busyCosts.map(\.cost) == [nil, Self.least])
  }

  @Test("who is chosen with one gets the lowest instead, before its time to settle, and none back")
  func chosen() {
    var scene = scene(busyFor: [9, 90])
    scene.step()
    scene.setBusy(1, false)
    #expect(scene.step().actions == [.cordon(.fib(1))])
    scene.takeOrders()
    #expect(
      scene.step().actions == [
        .mark(.fib(1), ScaleInMark(cordon: .drain)), .setDeletionCost(.fib(1), .min),
      ])
    #expect(scene.step().obstacles.contains(.settling(until: scene.now.advanced(by: scene.policy.settle))))
    scene.wanted = 2
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions.contains(.setDeletionCost(.fib(1), nil)))
  }

  @Test("those of the others do not put off the change of the replicas")
  func settling() {
    var scene = scene(busyFor: [3], idle: 1)
    scene.step()
    scene.takeOrders()
    scene.step()
    scene.step()
    scene.wait(.seconds(1))
    #expect(scene.step().busyCosts.map(\.cost) == [Self.least + 3])
    scene.wait(scene.policy.settle - .seconds(1))
    #expect(scene.step().actions == [.setReplicas(1, revision: "v1")])
  }

  @Test("they are few in a look, and in a scale-in, and counted anew in the next one")
  func bounds() {
    var scene = scene(busyFor: Array(1...12))
    #expect(scene.step().busyCosts.map(\.pod.name) == ["fib-12", "fib-11", "fib-10", "fib-9", "fib-8"])
    func work(_ scene: inout ScaleInScene) -> Int {
      (0..<100).reduce(5) { count, number in
        // Each look finds others that have just begun.
        for pod in 1...12 {
          scene.setBusy(pod, since: scene.now.advanced(by: .seconds(-(1 << (number % 2)))))
        }
        return count + scene.step().busyCosts.count
      }
    }
    #expect(work(&scene) == 100)
    scene.wanted = 12
    for _ in 0..<4 {
      scene.wait(scene.policy.settle)
      scene.step()
    }
    #expect(scene.pods.allSatisfy { $0.deletionCost == nil })
    scene.wanted = 1
    #expect(work(&scene) > 50)
  }

  @Test("who leads next takes them away when nobody is to go, but not while the target may still delete")
  func nextLeader() {
    var scene = scene(busyFor: [9, 90])
    scene.step()
    scene.memory = ScaleInMemory()
    scene.wanted = 2
    let step = scene.step()
    #expect(step.busyCosts.isEmpty)
    #expect(step.isUnderWay)
    scene.wait(scene.policy.settle)
    #expect(scene.step().busyCosts.map(\.cost) == [nil, nil])
    #expect(!scene.step().isUnderWay)
    #expect(scene.pods == [.ready(1), .ready(2)])
  }

  @Test("somebody else who wants fewer takes the idle first, and then the youngest work")
  func somebodyElse() {
    var scene = scene(busyFor: [9, 3, 90], idle: 1)
    scene.step()
    var gone: [[String]] = []
    for replicas in [3, 2, 1] {
      scene.replicas = replicas
      gone.append(scene.deleteSurplus())
    }
    #expect(gone == [["fib-4"], ["fib-2"], ["fib-1"]])
  }
}
