import Simulation
import Testing
import Workloads

@Suite("Generated workloads")
struct GeneratorTests {
  private static let week = Duration.seconds(604_800)
  private static let constant = ServiceTime(.constant(.seconds(10)))

  private func processes(
    _ kinds: WorkloadSource.Kind..., seed: UInt64 = 1, duration: Duration = Self.week
  ) throws -> [SimulatedProcess] {
    try Workload(name: "w", seed: seed, duration: duration, sources: kinds.map { WorkloadSource($0) })
      .collected()
  }

  @Test("Poisson arrivals: the number has its mean, and its variance is its mean")
  func poisson() throws {
    let arrivals = try processes(.poisson(perHour: 600, nil, Self.constant))
    #expect(arrivals.areInOrder)
    // 168 hours of 600: the standard deviation is 317, and this is 6 of them.
    #expect(abs(arrivals.count - 100_800) < 1_905)
    var minutes = [Int](repeating: 0, count: 10_080)
    for arrival in arrivals { minutes[Int(arrival.submittedAt / .seconds(60))] += 1 }
    let mean = Double(arrivals.count) / 10_080
    let variance = minutes.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 10_080
    // For a Poisson process the ratio is 1, with a standard error of √(2 ÷ 10,080) = 0.014.
    #expect(abs(variance / mean - 1) < 0.085)
  }

  @Test(
    "a daily shape moves arrivals to its peak and thins weekends out, and keeps the mean of a working day")
  func daily() throws {
    let shape = DailyShape(swing: 0.8, peak: .seconds(14 * 3_600), weekend: 0.25)
    let arrivals = try processes(.poisson(perHour: 600, shape, Self.constant))
    var days = [Int](repeating: 0, count: 7)
    var hours = [Int](repeating: 0, count: 24)
    for arrival in arrivals {
      let second = Int(arrival.submittedAt / .seconds(1))
      days[second / 86_400] += 1
      hours[second / 3_600 % 24] += 1
    }
    for day in 0..<5 { #expect(abs(days[day] - 14_400) < 720) }
    for day in 5..<7 { #expect(abs(days[day] - 3_600) < 360) }
    // At the peak 1.8 times the mean, at the opposite hour 0.2 times.
    let ratio = Double(hours[13] + hours[14]) / Double(hours[1] + hours[2])
    #expect(abs(ratio - 9) < 1.5)
  }

  @Test("bursts: so many at a time, within their time, at their regular moments")
  func regularBursts() throws {
    let bursts = Bursts(
      every: .seconds(3_600), first: .seconds(600), spacing: .regular, size: 50, within: .seconds(30))
    let arrivals = try processes(.bursts(bursts, Self.constant), duration: .seconds(86_400))
    #expect(arrivals.count == 24 * 50)
    #expect(arrivals.areInOrder)
    for (index, arrival) in arrivals.enumerated() {
      let start = Duration.seconds(600 + 3_600 * (index / 50))
      #expect(arrival.submittedAt >= start && arrival.submittedAt <= start + .seconds(30))
    }
  }

  @Test("bursts at random moments have their mean spacing")
  func randomBursts() throws {
    let bursts = Bursts(every: .seconds(600), size: 7, within: .seconds(60))
    let arrivals = try processes(.bursts(bursts, Self.constant))
    #expect(arrivals.areInOrder)
    // About 1,008 bursts; the standard deviation is below 32.
    #expect(abs(arrivals.count / 7 - 1_008) < 160)
  }

  @Test(
    "service times have the mean of their formula",
    arguments: [
      (ServiceTime(.constant(.seconds(7))), 7.0), (ServiceTime(.exponential(mean: .seconds(20))), 20.0),
      // 10 × e^(0.5² ÷ 2)
      (ServiceTime(.logNormal(median: .seconds(10), sigma: 0.5)), 11.33),
      // 5 × 3 ÷ (3 − 1)
      (ServiceTime(.pareto(minimum: .seconds(5), alpha: 3)), 7.5),
    ])
  func serviceTimes(time: ServiceTime, mean: Double) throws {
    let found = try processes(.poisson(perHour: 600, nil, time))
    #expect(abs(found.meanServiceTime / mean - 1) < 0.03)
  }

  @Test("a heavy tail is cut off where it is told to be, and reaches there")
  func cap() throws {
    let time = ServiceTime(.pareto(minimum: .seconds(1), alpha: 0.5), atMost: .seconds(3_600))
    let found = try processes(.poisson(perHour: 600, nil, time)).map(\.serviceTime)
    #expect(found.max() == .seconds(3_600))
    #expect(found.min().map { $0 >= .seconds(1) } == true)
    // P(longer than 100 s) = √(1 ÷ 100).
    let share = Double(found.count { $0 > .seconds(100) }) / Double(found.count)
    #expect(abs(share - 0.1) < 0.01)
  }

  @Test(
    "the same seed gives the same processes, another seed others", arguments: 1...20 as ClosedRange<UInt64>)
  func seeds(seed: UInt64) throws {
    let kinds: [WorkloadSource.Kind] = [
      .poisson(
        perHour: 60, DailyShape(swing: 1, peak: .zero), ServiceTime(.logNormal(median: .seconds(9), sigma: 2))
      ),
      .bursts(Bursts(every: .seconds(7_200), size: 20, within: .seconds(5)), Self.constant),
    ]
    func run(_ seed: UInt64) throws -> [SimulatedProcess] {
      try processes(kinds[0], kinds[1], seed: seed, duration: .seconds(172_800))
    }
    let first = try run(seed)
    #expect(first.areInOrder)
    #expect(first.allSatisfy { $0.submittedAt < .seconds(172_800) })
    #expect(try run(seed) == first)
    #expect(try run(seed &+ 1_000) != first)
  }
}
