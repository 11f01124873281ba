internal import Glibc

/// How long a pod takes from its creation until its worker asks for work.
public enum StartUpDistribution: Sendable, Hashable {
  /// Always the same.
  case constant(Duration)
  /// Anything between the two, equally likely.
  case uniform(ClosedRange<Duration>)
  /// The logarithm is normal: most are near the median, a few take much longer. `sigma` is the standard
  /// deviation of the logarithm, 0 to 5; with 0.5 one in a hundred takes more than 3.2 times the median.
  case logNormal(median: Duration, sigma: Double)

  /// The range of the standard deviation of the logarithm.
  public static let sigmaRange = 0.0...5.0

  func sample(_ random: inout SeededRandom) -> SimulatedTime {
    switch self {
    case .constant(let duration):
      SimulatedTime(duration)
    case .uniform(let range):
      SimulatedTime(range.lowerBound + (range.upperBound - range.lowerBound) * random.unit())
    case .logNormal(let median, let sigma):
      SimulatedTime(median * exp(sigma * random.normal()))
    }
  }
}
