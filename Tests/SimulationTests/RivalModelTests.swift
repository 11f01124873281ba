import Autoscaling
import Simulation
import Testing

@Suite("Models of other autoscalers")
struct RivalModelTests {
  private func view(
    _ seconds: Int, waiting: Int?, running: Int = 0, replicas: Int, submitted: Int = 0, taken: Int = 0
  ) throws -> AutoscalerView {
    let now = ScalingInstant(offset: .seconds(seconds))
    let observation: QueueObservation =
      if let waiting {
        .reading(
          try QueueReading(
            waiting: waiting, running: running, observedAt: now, source: QueueSource(name: "q", colony: "c")))
      } else {
        .failure(QueueFailure(failedAt: now, message: "no answer"))
      }
    return AutoscalerView(
      now: now, observation: observation, submitted: submitted, taken: taken, wantedReplicas: replicas,
      pods: replicas, readyPods: replicas)
  }

  // MARK: HorizontalPodAutoscaler

  @Test("HPA: 1 to 100 takes five more syncs after the first step: 75 s")
  func hpaRamp() throws {
    var model = HorizontalPodAutoscalerModel(max: 100)
    var (replicas, steps) = (1, [Int]())
    for sync in 0..<6 {
      guard
        case .replicas(let next) = model.decide(
          loop: 0, try view(15 * sync, waiting: 100, replicas: replicas))
      else { break }
      replicas = next
      steps.append(next)
    }
    // max(2 × replicas, 4), and 100 wanted.
    #expect(steps == [4, 8, 16, 32, 64, 100])
    #expect(model.decide(loop: 0, try view(90, waiting: 100, replicas: 100)) == .none)
  }

  @Test(
    "HPA: within a tenth of the target nothing changes",
    arguments: [
      // 10 pods, target 2 each: 20. 18 ÷ 20 = 0.9 and 22 ÷ 20 = 1.1 are within; ⌈23 ÷ 2⌉ = 12.
      (waiting: 18, expected: ReplicaChange.none), (22, .none), (23, .replicas(12)),
    ])
  func hpaTolerance(waiting: Int, expected: ReplicaChange) throws {
    var model = HorizontalPodAutoscalerModel(max: 100)
    model.target = 2
    #expect(model.decide(loop: 0, try view(0, waiting: waiting, replicas: 10)) == expected)
  }

  @Test("HPA: shrinks to the highest recommendation of 300 s")
  func hpaStabilization() throws {
    var model = HorizontalPodAutoscalerModel(max: 100)
    #expect(model.decide(loop: 0, try view(0, waiting: 50, replicas: 50)) == .none)
    #expect(model.decide(loop: 0, try view(15, waiting: 20, replicas: 50)) == .none)
    for sync in 2...20 {
      #expect(model.decide(loop: 0, try view(15 * sync, waiting: 5, replicas: 50)) == .none)
    }
    // 50 was recommended at 0 s, which is now longer ago than 300 s; 20 at 15 s is just as long ago.
    #expect(model.decide(loop: 0, try view(315, waiting: 5, replicas: 50)) == .replicas(20))
    #expect(model.decide(loop: 0, try view(330, waiting: 5, replicas: 20)) == .replicas(5))
  }

  @Test("HPA: unknown changes nothing, nor does anything at 0; a restart stands for what there is")
  func hpaUnknown() throws {
    var model = HorizontalPodAutoscalerModel(max: 100)
    #expect(model.decide(loop: 0, try view(0, waiting: nil, replicas: 10)) == .none)
    #expect(model.decide(loop: 0, try view(15, waiting: 50, replicas: 0)) == .none)
    model.restart()
    #expect(model.decide(loop: 0, try view(400, waiting: 1, replicas: 10)) == .none)
    #expect(model.decide(loop: 0, try view(715, waiting: 1, replicas: 10)) == .replicas(1))
  }

  @Test("HPA: brings the replicas within its bounds, and counts what it is told to")
  func hpaBounds() throws {
    var model = HorizontalPodAutoscalerModel(max: 5)
    model.min = 2
    #expect(model.decide(loop: 0, try view(0, waiting: 0, replicas: 9)) == .replicas(5))
    #expect(model.decide(loop: 0, try view(0, waiting: 0, replicas: 1)) == .replicas(2))
    model.metric = .waiting
    #expect(model.decide(loop: 0, try view(900, waiting: 3, running: 2, replicas: 2)) == .replicas(3))
  }

  // MARK: KEDA

  @Test("KEDA: its own loop goes from 0 to 1, never further, and the other does nothing at 0")
  func kedaActivation() throws {
    var model = KEDAModel(max: 100)
    #expect(model.loops.map(\.period) == [.seconds(30), .seconds(15)])
    #expect(model.decide(loop: 1, try view(0, waiting: 100, replicas: 0)) == .none)
    #expect(model.decide(loop: 0, try view(0, waiting: 100, replicas: 0)) == .replicas(1))
    #expect(model.decide(loop: 0, try view(30, waiting: 100, replicas: 1)) == .none)
    #expect(model.decide(loop: 1, try view(30, waiting: 100, replicas: 1)) == .replicas(4))
  }

  @Test("KEDA: goes from any number to 0 after the cooldown, and not while it does not know")
  func kedaCooldown() throws {
    var model = KEDAModel(max: 100)
    #expect(model.decide(loop: 0, try view(0, waiting: 0, running: 1, replicas: 40)) == .none)
    model.restart()
    #expect(model.decide(loop: 0, try view(300, waiting: 0, replicas: 40)) == .none)
    #expect(model.decide(loop: 0, try view(330, waiting: nil, replicas: 40)) == .none)
    #expect(model.decide(loop: 0, try view(330, waiting: 0, replicas: 40)) == .replicas(0))
    // The HorizontalPodAutoscaler's minimum is 1 all the same.
    #expect(model.decide(loop: 1, try view(700, waiting: 0, replicas: 1)) == .none)
  }

  @Test("KEDA: with a minimum it never goes to 0")
  func kedaMinimum() throws {
    var model = KEDAModel(max: 100)
    model.min = 3
    #expect(model.decide(loop: 0, try view(0, waiting: 1, replicas: 0)) == .replicas(3))
    #expect(model.decide(loop: 0, try view(900, waiting: 0, replicas: 3)) == .none)
    #expect(model.decide(loop: 0, try view(900, waiting: 0, replicas: 1)) == .replicas(3))
  }

  // MARK: WPA

  /// Polls, and sets what follows.
  private func resync(
    _ model: inout WorkerPodAutoscalerModel, _ seconds: Int, waiting: Int?, running: Int = 0, replicas: Int,
    submitted: Int = 0, taken: Int = 0
  ) throws -> ReplicaChange {
    let view = try view(
      seconds, waiting: waiting, running: running, replicas: replicas, submitted: submitted, taken: taken)
    #expect(model.decide(loop: 0, view) == .none)
    return model.decide(loop: 1, view)
  }

  @Test("WPA: one step up, changes of a tenth are too small, and 600 s pass before a step down")
  func wpaSteps() throws {
    var model = WorkerPodAutoscalerModel(max: 100)
    #expect(try resync(&model, 0, waiting: 40, replicas: 0) == .replicas(40))
    // (44 − 40) ÷ 40 = 0.1.
    #expect(try resync(&model, 20, waiting: 44, replicas: 40) == .none)
    #expect(try resync(&model, 40, waiting: 0, running: 10, replicas: 40) == .none)
    #expect(try resync(&model, 600, waiting: 0, running: 10, replicas: 40) == .none)
    #expect(try resync(&model, 620, waiting: 0, running: 10, replicas: 40) == .replicas(10))
  }

  @Test("WPA: the last number stays in force while the queue does not answer, and none is none")
  func wpaUnknown() throws {
    var model = WorkerPodAutoscalerModel(max: 100)
    #expect(try resync(&model, 0, waiting: nil, replicas: 5) == .none)
    #expect(try resync(&model, 20, waiting: 8, replicas: 5) == .replicas(8))
    #expect(try resync(&model, 40, waiting: nil, replicas: 2) == .replicas(8))
    model.restart()
    #expect(try resync(&model, 60, waiting: nil, replicas: 2) == .none)
  }

  @Test("WPA: the minimum follows the arrivals: 30 s each, 20 a minute, so 10")
  func wpaMinimum() throws {
    var model = WorkerPodAutoscalerModel(max: 100)
    model.secondsToProcessOneJob = 30
    for poll in 0...30 {
      let sent = 20 * poll / 3
      _ = try resync(&model, 20 * poll, waiting: 0, replicas: 10, submitted: sent, taken: sent)
    }
    #expect(try resync(&model, 620, waiting: 3, replicas: 0, submitted: 206) == .replicas(10))
  }

  @Test("WPA: a step down disrupts no more than allowed, until all were idle for ten minutes")
  func wpaDisruption() throws {
    var model = WorkerPodAutoscalerModel(max: 100)
    model.maxDisruption = 0.25
    // ⌈0.25 × 10⌉ = 3.
    #expect(try resync(&model, 0, waiting: 0, replicas: 10, taken: 4) == .replicas(7))
    #expect(try resync(&model, 580, waiting: 0, replicas: 7, taken: 5) == .none)
    #expect(try resync(&model, 620, waiting: 0, replicas: 7, taken: 5) == .replicas(5))
    #expect(try resync(&model, 1_200, waiting: 0, replicas: 5, taken: 5) == .none)
    #expect(try resync(&model, 1_240, waiting: 0, replicas: 5, taken: 5) == .replicas(0))
  }

  // MARK: CPA

  @Test(
    "CPA: the quotient, rounded up, within the bounds",
    arguments: [
      (waiting: 0, expected: 1), (waiting: 9, expected: 3), (waiting: 10, expected: 4),
      (waiting: 99, expected: 20),
    ])
  func cpa(waiting: Int, expected: Int) throws {
    var model = ClusterProportionalAutoscalerModel(max: 20)
    model.processesPerReplica = 3
    #expect(model.decide(loop: 0, try view(0, waiting: waiting, replicas: 7)) == .replicas(expected))
    #expect(model.decide(loop: 0, try view(0, waiting: waiting, replicas: expected)) == .none)
    #expect(model.decide(loop: 0, try view(0, waiting: nil, replicas: 7)) == .none)
  }
}
