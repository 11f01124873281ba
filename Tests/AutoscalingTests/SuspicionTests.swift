import Autoscaling
import Testing

@Suite("Readings that are not believed at once")
struct SuspicionTests {
  private let otherColony = QueueSource(name: "statistics", colony: "dev-2", serverGeneration: "g1")
  private let restarted = QueueSource(name: "statistics", colony: "dev-1", serverGeneration: "g2")
  private let silent = QueueSource(name: "statistics", colony: "dev-1")

  /// Ten processes were there and a hundred had finished; with no keep-alive, what is believed shows at once.
  private func scaler() throws -> Scaler {
    var scaler = Scaler(try ScalingPolicy(max: 100, idleFor: .zero))
    try scaler.read(waiting: 8, running: 2, finished: 100)
    scaler.wait(2)
    return scaler
  }

  private func suspicion(_ decision: Decision) -> Suspicion? {
    guard case .unknown(let unknown) = decision.explanation.basis,
      case .suspicious(let suspicion, _, _) = unknown.cause
    else { return nil }
    return suspicion
  }

  @Test("a server that lost its data is not believed before it says so twice")
  func lostData() throws {
    var scaler = try scaler()
    let first = try scaler.read(waiting: 0, finished: 0)
    #expect(suspicion(first) == .countersWentBackwards)
    #expect(first.explanation.reason == .readingSuspicious)
    #expect(first.replicas == 10)
    #expect(
      try scaler.read(waiting: 0, finished: 0).replicas == 10, "the same reading again confirms nothing")
    scaler.wait(2)
    #expect(try scaler.read(waiting: 0, finished: 0).replicas == 0)
  }

  @Test("what is not believed still keeps replicas that it would need")
  func doubtedDemandKeeps() throws {
    var scaler = Scaler(try ScalingPolicy(max: 100, idleFor: .seconds(10)), replicas: 10)
    try scaler.read(waiting: 2)
    try scaler.keepReading(waiting: 2, for: 8)
    scaler.wait(2)
    #expect(suspicion(try scaler.read(waiting: 9, source: otherColony)) == .colonyChanged)
    scaler.wait(2)
    // The whole window was observed, and 2 is what is believed; but 9 may have been so until now.
    #expect(try scaler.read(waiting: 2).replicas == 9)
    try scaler.keepReading(waiting: 2, for: 8)
    #expect(scaler.replicas == 9)
    scaler.wait(2)
    #expect(try scaler.read(waiting: 2).replicas == 2)
  }

  @Test("another colony and a restarted server are not believed before they answer twice")
  func otherSources() throws {
    for (source, expected) in [(otherColony, Suspicion.colonyChanged), (restarted, .serverRestarted)] {
      var scaler = try scaler()
      #expect(suspicion(try scaler.read(waiting: 40, finished: 100, source: source)) == expected)
      #expect(scaler.replicas == 10)
      scaler.wait(2)
      #expect(try scaler.read(waiting: 40, finished: 100, source: source).replicas == 40)
    }
  }

  @Test("a server that does not tell its generation is compared by the rest")
  func unknownGeneration() throws {
    var scaler = try scaler()
    #expect(try scaler.read(waiting: 5, finished: 105, source: silent).replicas == 5)
  }

  @Test(
    "demand may fall by what has finished, and no further",
    arguments: [(demand: 4, finished: 106, believed: true), (demand: 3, finished: 106, believed: false)])
  func vanished(demand: Int, finished: Int, believed: Bool) throws {
    var scaler = try scaler()
    let decision = try scaler.read(waiting: demand, finished: finished)
    #expect(suspicion(decision) == (believed ? nil : .processesVanished))
    #expect(decision.replicas == (believed ? demand : 10))
  }

  @Test("without a count of finished processes every drop is believed")
  func notCounted() throws {
    var scaler = try scaler()
    #expect(try scaler.read(waiting: 0).replicas == 0)
  }

  @Test("an answer that was overtaken by a later one is not believed")
  func overtaken() throws {
    var scaler = try scaler()
    let decision = try scaler.read(waiting: 0, finished: 110, ageSeconds: 3)
    #expect(suspicion(decision) == .olderThanPrevious)
    #expect(decision.replicas == 10)
  }

  @Test("two servers that answer in turns are never confirmed")
  func alternating() throws {
    var scaler = try scaler()
    for _ in 1...100 {
      scaler.wait(2)
      try scaler.read(waiting: 0, finished: 0, source: otherColony)
      #expect(scaler.replicas == 10)
      scaler.wait(2)
      try scaler.read(waiting: 8, running: 2, finished: 100)
      #expect(scaler.replicas == 10)
    }
  }

  @Test("failures between two agreeing readings do not matter")
  func failuresBetween() throws {
    var scaler = try scaler()
    try scaler.read(waiting: 1, finished: 0)
    scaler.wait(2)
    scaler.fail()
    scaler.wait(2)
    #expect(try scaler.read(waiting: 2, finished: 0).replicas == 2)
  }
}
