internal import Glibc

/// How a rate follows the hours of a day and the days of a week. A workload begins at midnight, on a Monday.
public struct DailyShape: Sendable, Hashable {
  /// How far the rate swings around its mean: 0 not at all, 1 down to nothing and up to double.
  public var swing: Double
  /// The time of day at which the rate is highest.
  public var peak: Duration
  /// The share of the rate that is left on Saturdays and Sundays.
  public var weekend: Double

  /// Describes a shape.
  public init(swing: Double, peak: Duration, weekend: Double = 1) {
    self.swing = swing
    self.peak = peak
    self.weekend = weekend
  }

  /// The factor of the rate at a moment: (1 + swing × cos(2π × (t − peak) ÷ 24 h)), times `weekend` on the sixth
  /// and seventh day.
  func factor(at moment: Duration) -> Double {
    let day = 86_400.0
    let seconds = moment.inSeconds
    let isWeekend = Int(seconds / day) % 7 >= 5
    return (1 + swing * cos(2 * .pi * (seconds - peak.inSeconds) / day)) * (isWeekend ? weekend : 1)
  }

  /// The largest factor.
  var highest: Double { (1 + swing) * max(weekend, 1) }
}
