internal import Simulation

/// When processes arrive that know nothing of each other: a Poisson process, whose rate may follow the time of day.
///
/// A rate that changes is made by thinning (Lewis and Shedler, 1979): arrivals are drawn at the highest rate, and
/// each is kept with the chance that the rate at its moment has.
struct PoissonArrivals {
  /// The range of the mean number of arrivals in an hour.
  static let perHourRange = 0.001...10_000_000

  private let perSecond: Double
  private let shape: DailyShape?
  private var now = Duration.zero

  /// - Parameter perHour: The mean number of arrivals in an hour, in ``perHourRange``.
  init(perHour: Double, shape: DailyShape?) {
    perSecond = perHour / 3_600 * (shape?.highest ?? 1)
    self.shape = shape
  }

  /// The moment of the next arrival; nil when it is not before `end`.
  mutating func next(before end: Duration, using random: inout SeededRandom) -> Duration? {
    while now < end {
      now += .seconds(random.exponential() / perSecond)
      guard let shape else { break }
      if random.unit() * shape.highest < shape.factor(at: now) { break }
    }
    return now < end ? now : nil
  }
}
