internal import Simulation

/// Processes in the order of their submission.
protocol ProcessStream {
  /// The next process, or nil when there are no more.
  mutating func next() throws(WorkloadError) -> SimulatedProcess?
}

extension WorkloadSource {
  /// Begins to read or generate.
  /// - Parameter end: From here on endless sources have no more.
  func stream(end: Duration, seed: UInt64) throws(WorkloadError) -> any ProcessStream {
    let random = SeededRandom(seed: seed)
    return switch kind {
    case .processes(let file): try ProcessTable(file, self)
    case .tokens(let file, let time): try TokenTable(file, time, self)
    case .counts(let file, let counts, let service):
      try CountTable(file, counts, service, self, using: random)
    case .poisson(let perHour, let shape, let service):
      GeneratedStream(
        arrivals: .poisson(PoissonArrivals(perHour: perHour, shape: shape)), service, executorType, end: end,
        random)
    case .bursts(let bursts, let service):
      GeneratedStream(arrivals: .bursts(BurstArrivals(bursts)), service, executorType, end: end, random)
    }
  }
}

/// Processes that arrive by a rule.
private struct GeneratedStream: ProcessStream {
  enum Arrivals {
    case poisson(PoissonArrivals)
    case bursts(BurstArrivals)
  }

  private var arrivals: Arrivals
  private let serviceTime: ServiceTime
  private let executorType: String
  private let end: Duration
  private var random: SeededRandom

  init(
    arrivals: Arrivals, _ serviceTime: ServiceTime, _ executorType: String, end: Duration,
    _ random: SeededRandom
  ) {
    self.arrivals = arrivals
    self.serviceTime = serviceTime
    self.executorType = executorType
    self.end = end
    self.random = random
  }

  mutating func next() -> SimulatedProcess? {
    guard let moment = nextArrival() else { return nil }
    return SimulatedProcess(
      submittedAt: moment, serviceTime: serviceTime.next(using: &random), executorType: executorType)
  }

  private mutating func nextArrival() -> Duration? {
    switch arrivals {
    case .poisson(var poisson):
      defer { arrivals = .poisson(poisson) }
      return poisson.next(before: end, using: &random)
    case .bursts(var bursts):
      // Taken out for the time being, so that the pending arrivals are not copied.
      arrivals = .poisson(PoissonArrivals(perHour: 1, shape: nil))
      defer { arrivals = .bursts(bursts) }
      return bursts.next(before: end, using: &random)
    }
  }
}
