import Simulation
import Synchronization
import Testing

@Suite("What a simulation refuses, tells and gives up")
struct SimulationErrorTests {
  private func error(
    _ processes: [SimulatedProcess] = [], _ change: (inout Simulation) -> Void = { _ in }
  ) -> SimulationError? {
    var simulation = Simulation()
    change(&simulation)
    return #expect(throws: SimulationError.self) { try simulation.run(processes, Scripted(from: 1)) }
  }

  @Test("processes that are not possible")
  func processes() throws {
    let backwards = error([SimulatedProcess].burst(1, at: 5, lasting: 1) + .burst(1, at: 4, lasting: 1))
    #expect(backwards?.code == .outOfOrder)
    #expect(backwards?.message.hasPrefix("process 2 of the workload: submitted at 4.0 seconds") == true)
    #expect(error(.burst(1, at: -1, lasting: 1))?.code == .invalidProcess)
    #expect(error(.burst(1, lasting: -1))?.code == .invalidProcess)
    #expect(error(.burst(1, at: 1 << 40, lasting: 1))?.code == .invalidProcess)
  }

  @Test("settings that are not possible")
  func settings() {
    let changes: [(inout Simulation) -> Void] = [
      { $0.cluster.startUp = .constant(.seconds(-1)) },
      { $0.cluster.startUp = .logNormal(median: .seconds(1), sigma: .nan) },
      { $0.cluster.podsCreatedPerSecond = 0 }, { $0.cluster.podCreationBurst = 0 },
      { $0.cluster.gracePeriod = .seconds(-1) }, { $0.cluster.initialReplicas = -1 },
      { $0.queue.lease = .zero }, { $0.queue.maxRetries = -1 }, { $0.seriesBins = 3 },
      { $0.patience = .seconds(-1) },
    ]
    for change in changes { #expect(error([], change)?.code == .invalidSetting) }
  }

  private struct Broken: Error {}

  private struct BrokenWorkload: SimulatedWorkload, SimulatedProcesses {
    func makeProcesses() -> any SimulatedProcesses { self }
    func next() throws -> SimulatedProcess? { throw Broken() }
  }

  @Test("a workload that cannot be read")
  func brokenWorkload() {
    #expect(throws: Broken.self) { try Simulation().run(BrokenWorkload(), Scripted()) }
  }

  /// A process every second, for ever.
  private struct Endless: SimulatedWorkload, SimulatedProcesses {
    var second = 0
    func makeProcesses() -> any SimulatedProcesses { self }
    mutating func next() -> SimulatedProcess? {
      second += 1
      return SimulatedProcess(submittedAt: .seconds(second), serviceTime: .zero, executorType: "f")
    }
  }

  @Test("it tells how far it is, and ends when the task is cancelled")
  func cancellation() async {
    let reached = Mutex<[Simulation.Progress]>([])
    let task = Task {
      try Simulation().run(
        Endless(), Scripted(from: 1),
        progress: { progress in
          reached.withLock { $0.append(progress) }
          if progress.submitted > 20_000 { withUnsafeCurrentTask { $0?.cancel() } }
        })
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    let told = reached.withLock { $0 }
    #expect(told.count > 1)
    #expect(zip(told, told.dropFirst()).allSatisfy { $0.reached < $1.reached && $0.ended <= $1.ended })
  }
}
