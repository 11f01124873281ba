/// How fast the number of replicas may change in one direction: by so many, or by such a part, in a period.
///
/// The words and the meaning are those of the `policies` of a HorizontalPodAutoscaler's `behavior`. What
/// counts is the net change since the period began, so that what was taken away within the period may be
/// added again.
public struct ScalingRate: Sendable, Hashable {
  /// How the value is meant.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// As a number of replicas.
    case pods = "Pods"
    /// In hundredths of the replicas there were when the period began.
    case percent = "Percent"
  }

  /// How ``value`` is meant.
  public let type: Kind
  /// The number or the percentage; 1 to 1,000,000.
  public let value: Int
  /// The period, which ends with the decision; 1 second to 30 minutes.
  public let period: Duration

  /// The range of ``value``.
  public static let valueRange = 1...1_000_000
  /// The range of ``period``.
  public static let periodRange: ClosedRange<Duration> = .seconds(1) ... .seconds(1_800)

  /// Creates a rate; the values are checked by the ``ScalingPolicy`` that takes it.
  public init(_ type: Kind, _ value: Int, period: Duration) {
    self.type = type
    self.value = value
    self.period = period
  }

  /// The most replicas that a period may end with.
  ///
  /// A percentage is rounded up, and allows one more at least: from none, no percentage leads anywhere.
  func highest(from start: Int) -> Int {
    switch type {
    case .pods: start.addingClamped(value)
    case .percent: start.addingClamped(max(start.hundredths(value, roundedUp: true), 1))
    }
  }

  /// The fewest replicas that a period may end with; a percentage keeps its part rounded down.
  func lowest(from start: Int) -> Int {
    switch type {
    case .pods: start.addingClamped(-value)
    case .percent: value >= 100 ? 0 : start.hundredths(100 - value, roundedUp: false)
    }
  }
}

extension Int {
  /// The sum; the nearest integer where it does not fit.
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// So many hundredths of a number, exactly; none of a negative one.
  fileprivate func hundredths(_ count: Int, roundedUp: Bool) -> Int {
    guard self > 0 else { return 0 }
    let (hundreds, rest) = quotientAndRemainder(dividingBy: 100)
    let (whole, overflow) = hundreds.multipliedReportingOverflow(by: count)
    guard !overflow else { return .max }
    return whole.addingClamped((rest * count + (roundedUp ? 99 : 0)) / 100)
  }
}
