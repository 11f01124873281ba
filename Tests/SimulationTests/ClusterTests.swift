import Simulation
import Testing

@Suite("The simulated cluster")
struct ClusterTests {
  @Test("pods are created as fast as the rate allows, after a burst")
  func creationRate() throws {
    var simulation = Simulation.exact()
    simulation.cluster.podsCreatedPerSecond = 20
    simulation.cluster.podCreationBurst = 30
    let outcome = try simulation.run(
      [SimulatedProcess].burst(100, lasting: 30), Scripted([(0, .replicas(100))]))
    // 30 at once, and 70 more at 20 a second: the last at 3.5 s, ready 10 s later.
    #expect(outcome.waits.max == .milliseconds(13_500))
    // All stay until 43.5 s: 100 × 43.5 s, less the 0.05 + 0.1 + … + 3.5 s before they were created.
    #expect(abs(outcome.podSeconds - (4_350 - 124.25)) < 1e-6)
  }

  @Test("pods that were not created yet are not missed")
  func uncreated() throws {
    var simulation = Simulation.exact()
    simulation.cluster.podsCreatedPerSecond = 1
    simulation.cluster.podCreationBurst = 1
    let outcome = try simulation.run(
      [SimulatedProcess].burst(1, lasting: 100), Scripted([(0, .replicas(50)), (5, .replicas(3))]))
    // At 0, 1, …, 5 s six were created; the three youngest go at once, without a process.
    #expect(outcome.highestPods <= 6 && outcome.finalReplicas == 3)
    #expect(outcome.busyRemoved == 0)
  }

  @Test("pods that start go before those that are ready, and the younger before the older")
  func victims() throws {
    let processes = [SimulatedProcess].burst(2, lasting: 1_000)
    let starting = try Simulation.exact(startUp: 50).run(
      processes, Scripted(from: 2, [(10, .replicas(3)), (20, .replicas(2))]))
    #expect(starting.busyRemoved == 0)
    // One is ready at 0 s and idle from 20 s on, one at 60 s and busy from then on: at 100 s the younger goes.
    let ages = try Simulation.exact(startUp: 50).run(
      [SimulatedProcess].burst(1, lasting: 20) + .burst(1, at: 15, lasting: 1_000),
      Scripted(from: 1, [(10, .replicas(2)), (70, .replicas(1))]))
    #expect(ages.busyRemoved == 0)
  }

  /// Two processes; the worker that was there first is idle from 30 s on, the younger one busy for long.
  private func sparing(honorsDeletionCost: Bool, _ change: ReplicaChange) throws -> SimulationOutcome {
    var simulation = Simulation.exact(startUp: 1)
    simulation.cluster.honorsDeletionCost = honorsDeletionCost
    return try simulation.run(
      [SimulatedProcess].burst(1, lasting: 30) + .burst(1, at: 5, lasting: 1_000),
      Scripted(from: 1, [(4, .replicas(2)), (100, change)]))
  }

  @Test("an idle worker is spared for no busy one, if the deletion cost is honored")
  func deletionCost() throws {
    let change = ReplicaChange.replicasSparingBusy(1, settle: .seconds(2))
    let honored = try sparing(honorsDeletionCost: true, change)
    #expect(honored.busyRemoved == 0 && honored.finalReplicas == 1 && honored.changes == 2)
    #expect(honored.length == .seconds(1_005))
    #expect(try sparing(honorsDeletionCost: false, change).busyKilled == 1)
    #expect(try sparing(honorsDeletionCost: true, .replicas(1)).busyKilled == 1)
  }

  @Test("where too few are idle, more stay; and what is idle later goes later")
  func busySpared() throws {
    let outcome = try Simulation.exact().run(
      [SimulatedProcess].burst(1, lasting: 50) + .burst(1, lasting: 100),
      Scripted(
        from: 3,
        [
          (10, .replicasSparingBusy(0, settle: .seconds(2))),
          (20, .replicasSparingBusy(0, settle: .seconds(2))),
          (60, .replicasSparingBusy(0, settle: .seconds(2))),
        ]))
    // One of three was idle at 10 s and is gone at 12 s, one at 60 s and is gone at 62 s.
    #expect(outcome.busyRemoved == 0 && outcome.changes == 2 && outcome.finalReplicas == 1)
    #expect(outcome.podSeconds == 12 + 62 + 100)
  }

  @Test("a scale-in is called off when more is wanted again")
  func calledOff() throws {
    let outcome = try Simulation.exact().run(
      [SimulatedProcess].burst(1, lasting: 5) + .burst(2, at: 12, lasting: 10),
      Scripted(
        from: 2,
        [
          (10, .replicasSparingBusy(0, settle: .seconds(5))),
          (13, .replicasSparingBusy(2, settle: .seconds(5))),
        ]))
    // Both were taken off the queue at 10 s and came back at 13 s.
    #expect(outcome.changes == 0)
    #expect(outcome.waits.max == .seconds(1))
  }

  @Test("start-up times are what they are said to be")
  func startUp() throws {
    func mean(_ startUp: StartUpDistribution) throws -> Double {
      var simulation = Simulation.exact()
      simulation.cluster.startUp = startUp
      let outcome = try simulation.run(
        [SimulatedProcess].burst(4_000, lasting: 1_000), Scripted([(0, .replicas(4_000))]))
      return try #require(outcome.waits.mean) / .seconds(1)
    }
    #expect(try mean(.constant(.seconds(7))) == 7)
    #expect(abs(try mean(.uniform(.seconds(2) ... .seconds(4))) - 3) < 0.05)
    // The mean of a log-normal is its median × exp(σ² ÷ 2).
    #expect(abs(try mean(.logNormal(median: .seconds(10), sigma: 0.5)) - 11.33) < 0.3)
  }
}
