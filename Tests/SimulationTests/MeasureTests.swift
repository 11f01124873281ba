import Simulation
import Testing

@Suite("What is measured")
struct MeasureTests {
  @Test("elasticity, worked out by hand")
  func elasticity() throws {
    // Two workers. 0–10 s: four processes, so 2 are missing; 10–20 s: the other two; 20–30 s: none for two.
    var simulation = Simulation.exact()
    simulation.tail = .seconds(10)
    let outcome = try simulation.run([SimulatedProcess].burst(4, lasting: 10), Scripted(from: 2))
    #expect(outcome.length == .seconds(30))
    let measures = outcome.elasticity
    #expect(abs(measures.underProvisioning - 20.0 / 30) < 1e-9)
    #expect(abs(measures.overProvisioning - 20.0 / 30) < 1e-9)
    #expect(abs(measures.normalizedUnderProvisioning - 0.5 * 10 / 30) < 1e-9)
    #expect(abs(measures.normalizedOverProvisioning - 1.0 * 10 / 30) < 1e-9)
    #expect(abs(measures.underProvisionedTime - 10.0 / 30) < 1e-9)
    #expect(abs(measures.overProvisionedTime - 10.0 / 30) < 1e-9)
  }

  @Test("changes in the other direction are reversals")
  func reversals() throws {
    let outcome = try Simulation.exact().run(
      [SimulatedProcess].burst(1, lasting: 100),
      Scripted(
        from: 1,
        [(10, .replicas(2)), (20, .replicas(3)), (30, .replicas(2)), (40, .replicas(2)), (50, .replicas(4))]))
    #expect(outcome.changes == 4 && outcome.reversals == 2)
    // At 0, 1, … and 100 s.
    #expect(outcome.decisions == 101)
  }

  @Test("a series has means over time, however few bins there are", arguments: [2, 16, 512])
  func series(bins: Int) throws {
    var simulation = Simulation.exact()
    simulation.seriesBins = bins
    let outcome = try simulation.run(
      [SimulatedProcess].burst(7, lasting: 33) + .burst(20, at: 700, lasting: 100),
      Scripted(from: 1, [(10, .replicas(5)), (600, .replicas(2))]))
    let series = outcome.series
    #expect(series.bins.count <= bins && series.bins.count > bins / 2 - 1)
    let width = series.width / .seconds(1)
    let last = outcome.length / .seconds(1) - width * Double(series.bins.count - 1)
    func total(_ level: KeyPath<SimulationSeries.Bin, Double>) -> Double {
      zip(series.bins.indices, series.bins).reduce(0) { sum, bin in
        sum + bin.1[keyPath: level] * (bin.0 == series.bins.count - 1 ? last : width)
      }
    }
    #expect(abs(total(\.pods) - outcome.podSeconds) < 1e-6)
    #expect(abs(total(\.busy) - outcome.jobSeconds) < 1e-6)
    #expect(series.bins.map(\.highestDemand).max() == 20)
  }

  @Test("times read from the histogram are too long by less than it says, and never too short")
  func histogram() throws {
    var random = SeededRandom(seed: 11)
    var waits: [Double] = []
    var processes: [SimulatedProcess] = []
    // One worker each, busy for so long before it takes the next: the second of each pair waits for that.
    for _ in 0..<2_000 {
      let wait =
        (0.3 * random.exponential() + (random.unit() < 0.1 ? min(200 * random.exponential(), 1_900) : 0))
        .rounded(toPlaces: 6)
      waits.append(wait)
    }
    waits.sort()
    for wait in waits.reversed() {
      processes.append(
        SimulatedProcess(submittedAt: .seconds(2_000 - wait), serviceTime: .zero, executorType: "f"))
    }
    processes.sort { $0.submittedAt < $1.submittedAt }
    // All begin at the same moment, when the first worker is there.
    let outcome = try Simulation.exact(startUp: 0).run(processes, Scripted([(2_000, .replicas(1))]))
    let histogram = outcome.waits
    #expect(histogram.count == 2_000)
    for share in [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
      let exact = waits[Int((share * 2_000).rounded(.up)) - 1]
      let read = try #require(histogram.quantile(share)) / .seconds(1)
      #expect(read >= exact - 1e-6 && read <= max(exact * (1 + WaitHistogram.relativeError), exact + 0.001))
    }
    #expect(histogram.bins.map(\.count).reduce(0, +) == 2_000)
    #expect(zip(histogram.bins, histogram.bins.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    #expect(abs(try #require(histogram.mean) / .seconds(1) - waits.reduce(0, +) / 2_000) < 1e-3)
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    return (self * scale).rounded() / scale
  }
}
