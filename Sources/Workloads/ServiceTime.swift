internal import Glibc
internal import Simulation

/// How long a worker works on one process: a distribution.
public struct ServiceTime: Sendable, Hashable {
  /// The shape of a distribution.
  public enum Shape: Sendable, Hashable {
    /// Always the same.
    case constant(Duration)
    /// Exponential, with a mean.
    case exponential(mean: Duration)
    /// Log-normal: the logarithm is normal around that of the median, with the standard deviation `sigma`. The
    /// mean is median × e^(sigma² ÷ 2); sigma 1 gives 1.65 medians, and one process in a hundred above 10 medians.
    case logNormal(median: Duration, sigma: Double)
    /// Pareto: P(longer than t) = (minimum ÷ t)^alpha. Heavy-tailed; without a cap the mean,
    /// minimum × alpha ÷ (alpha − 1), is infinite for an alpha up to 1, and the variance for one up to 2.
    case pareto(minimum: Duration, alpha: Double)
  }

  /// The shape.
  public var shape: Shape
  /// The longest time: longer ones are cut off to it. Workers of queues have a lease, too.
  public var atMost: Duration

  /// The longest ``atMost``.
  public static let longest: Duration = .seconds(604_800)

  /// Describes a distribution.
  public init(_ shape: Shape, atMost: Duration = Self.longest) {
    self.shape = shape
    self.atMost = atMost
  }

  /// Draws a time, at least one millisecond.
  func next(using random: inout SeededRandom) -> Duration {
    let seconds =
      switch shape {
      case .constant(let value): value.inSeconds
      case .exponential(let mean): mean.inSeconds * random.exponential()
      case .logNormal(let median, let sigma): median.inSeconds * exp(sigma * random.normal())
      case .pareto(let minimum, let alpha): minimum.inSeconds * exp(random.exponential() / alpha)
      }
    // Compared as numbers, as a heavy tail has values that no duration holds.
    return .seconds(min(max(seconds, 0.001), atMost.inSeconds))
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var inSeconds: Double { self / .seconds(1) }
}
