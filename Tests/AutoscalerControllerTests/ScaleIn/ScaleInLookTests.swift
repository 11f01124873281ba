import Autoscaling
import KubernetesClient
import Testing

@testable import AutoscalerController

@Suite("Looking at workers that are to go", .timeLimit(.minutes(10)))
struct ScaleInLookTests {
  private static let pod = "w-6d4cf56db6-bbbbb"
  private static let gone = "w-6d4cf56db6-zzzzz"

  @Test("who is no pod of the target's by name may be in any, also when it is named after the target")
  func strangers() async throws {
    let world = ScaleInWorld { state in
      state.addPod(Self.pod)
      for name in [Self.gone, "w-0f3c", "w-other-6d4cf56db6-zzzzz", "somebody_0123abcd"] {
        state.addStranger(name)
      }
    }
    let sight = await (try ScaleInBench(world)).look()
    #expect(sight.problems == [])
    #expect(sight.observation.strangers == ["w-0f3c", "w-other-6d4cf56db6-zzzzz", "somebody"])
  }

  @Test(
    "a busy worker that is only named after the target stays, however long its pod seems to have none",
    arguments: [ScaleInPolicy.Cordon.drain, .approval])
  func namedAfterTarget(_ cordon: ScaleInPolicy.Cordon) async throws {
    let world = ScaleInWorld { state in
      state.addPod(Self.pod, worker: false)
      state.addStranger("w-0f3c", isBusy: true)
    }
    let bench = try ScaleInBench(world, cordon: cordon, owner: cordon == .approval)
    #expect(try await !bench.shrink(to: 0, turns: 200))
    #expect(try await bench.obstacles(0) == ["unmappedWorkers"])
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 0))
  }

  /// A pod without a worker, a busy worker that may be in it, and what waits.
  private func unmapped(_ make: (inout ScaleInWorld.State) -> Void) -> ScaleInWorld {
    ScaleInWorld { state in
      state.addPod(Self.pod, worker: false)
      state.addStranger("somebody", isBusy: true)
      state.runningLease = 10
      make(&state)
    }
  }

  @Test(
    "the longest process is the longest of those that run and of those that wait",
    arguments: [([], 10), ([5], 10), ([5, 20], 20)])
  func longestProcess(_ waiting: [Int], _ longest: Int) async throws {
    let world = unmapped { $0.waitingLeases = waiting }
    let sight = await (try ScaleInBench(world)).look()
    #expect(sight.observation.longestProcess == .seconds(longest))
  }

  @Test(
    "how long processes take is not known from a part of them, nor from one without a lease, nor from none")
  func unknownLongestProcess() async throws {
    let worlds = [
      unmapped { $0.cutsWaiting = true }, unmapped { $0.hidden = [] },
      unmapped { $0.waitingLeases = [5, nil] },
      unmapped { $0.runningLease = nil }, unmapped { $0.busy = [] },
    ]
    for world in worlds {
      let sight = await (try ScaleInBench(world)).look()
      #expect(sight.problems == [])
      #expect(sight.observation.longestProcess == nil)
    }
  }

  @Test("a pod that may have any worker stays while a process waits that its grace period does not cover")
  func waitsForTooLong() async throws {
    let world = unmapped { $0.waitingLeases = [60] }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 0, turns: 20))
    world.with { $0.waitingLeases = [20] }
    #expect(try await bench.shrink(to: 0))
  }

  @Test("what waits is listed only where it matters for how long it may run")
  func listsOnlyIfNeeded() async throws {
    let world = ScaleInWorld { state in
      state.addPod(Self.pod, isBusy: true)
      state.addStranger("somebody")
      state.runningLease = 10
      state.waitingLeases = [20]
    }
    let bench = try ScaleInBench(world)
    #expect(await bench.look().observation.longestProcess == nil)
    #expect(world.with { $0.waitingLists } == 0)
    #expect(await bench.look(hasUncordonable: true).observation.longestProcess == .seconds(20))
    #expect(world.with { $0.waitingLists } == 1)
  }

  @Test("a worker that cannot be cordoned stays while a process waits that its grace period does not cover")
  func uncordonable() async throws {
    let world = ScaleInWorld { state in
      for pod in [Self.pod, "w-6d4cf56db6-ccccc"] { state.addPod(pod) }
      state.busy = ["id-w-6d4cf56db6-ccccc"]
      state.ignorant = [Self.pod]
      state.runningLease = 10
      state.waitingLeases = [60]
    }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 1, turns: 60))
    world.with { $0.waitingLeases = [20] }
    #expect(try await bench.shrink(to: 1, turns: 400))
    #expect(world.with { $0.removed } == [Self.pod])
  }

  @Test(
    "where all workers were given one name, all of them are looked at",
    arguments: ["batch", "batch_00000001"])
  func oneName(busy: String) async throws {
    let world = ScaleInWorld { state in
      for pod in [Self.pod, "w-6d4cf56db6-ccccc"] { state.addPod(pod, worker: false) }
      for name in ["batch", "batch_00000001"] { state.addStranger(name, isBusy: name == busy) }
    }
    let bench = try ScaleInBench(world)
    #expect(try await !bench.shrink(to: 0, turns: 200))
    #expect(try await bench.obstacles(0) == ["unmappedWorkers"])
    world.with { $0.busy = [] }
    #expect(try await bench.shrink(to: 0))
  }
}
