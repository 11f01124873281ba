import Autoscaling
import Testing

@Suite("Scale-in, step by step")
struct ScaleInStepTests {
  @Test("the idle workers go: cordon, cost, settle, replicas, and only then")
  func happyPath() {
    var scene = ScaleInScene(pods: 3, wanted: 1)
    scene.setBusy(2)
    #expect(scene.step().actions == [.cordon(.fib(1)), .cordon(.fib(3))])
    #expect(scene.step().obstacles.contains(.cordoning(2)))
    scene.takeOrders()
    #expect(
      scene.step().actions == [
        .mark(.fib(1), ScaleInMark(cordon: .drain)), .setDeletionCost(.fib(1), .min),
        .mark(.fib(3), ScaleInMark(cordon: .drain)), .setDeletionCost(.fib(3), .min),
      ])
    let settling = scene.step()
    #expect(settling.actions.isEmpty)
    #expect(settling.obstacles.contains(.settling(until: scene.now.advanced(by: scene.policy.settle))))
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.setReplicas(1, revision: "v1")])
    #expect(scene.step().obstacles.contains(.removing(2, since: scene.now)))
    #expect(scene.deleteSurplus() == ["fib-1", "fib-3"])
    let last = scene.step()
    #expect(last.findings == [.removed(pod: "fib-1"), .removed(pod: "fib-3")])
    #expect(last.actions.isEmpty)
    // The cost of the busy one is taken from it when nobody goes any more.
    #expect(last.isUnderWay)
    scene.wait(scene.policy.settle)
    scene.step()
    #expect(!scene.step().isUnderWay)
    #expect(scene.pods == [.ready(2)])
  }

  @Test("one that takes work in between is let free, and another is chosen")
  func tookWork() {
    var scene = ScaleInScene(pods: 3, wanted: 2)
    #expect(scene.step().actions == [.cordon(.fib(1))])
    scene.setBusy(1)
    let step = scene.step()
    #expect(step.findings == [.tookWork(worker: "fib-1")])
    #expect(step.actions == [.uncordon(.fib(1)), .cordon(.fib(2))])
  }

  @Test("growth in between undoes everything, the replicas first")
  func growth() {
    var scene = ScaleInScene(pods: 2, wanted: 1)
    scene.step()
    scene.takeOrders()
    scene.wait(scene.policy.settle)
    scene.step()
    scene.wanted = 3
    #expect(
      scene.step().actions == [
        .setReplicas(3, revision: "v1"), .uncordon(.fib(1)), .setDeletionCost(.fib(1), nil),
      ])
    #expect(scene.step().actions.isEmpty)
    scene.wait(scene.policy.settle)
    #expect(scene.step().actions == [.mark(.fib(1), nil)])
    #expect(scene.pods == [.ready(1), .ready(2)])
  }
}

extension ScaleInPodReference {
  static func fib(_ number: Int) -> ScaleInPodReference {
    ScaleInPodReference(name: "fib-\(number)", uid: "uid-\(number)")
  }
}

extension ScaleInWorkerReference {
  static func fib(_ number: Int) -> ScaleInWorkerReference {
    ScaleInWorkerReference(name: "fib-\(number)", executorID: "id-\(number)")
  }
}
