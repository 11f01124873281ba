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

  @Test("where all workers were given one name, all of them are looked at", arguments: ["batch", "batch_00000001"])
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
