/// How long processes waited, in a number of counters that does not depend on how many there were.
///
/// The counters are log-linear: each power of two of a millisecond has 256 of them, so that a time read from
/// the histogram is too long by less than 1/256, and never too short. Below 256 ms it is too long by less than
/// 1 ms. Reaches for 292 years.
public struct WaitHistogram: Sendable, Hashable {
  /// The relative error of a time read from it, at most.
  public static let relativeError = 1.0 / 256

  private static let linear = 256
  private static let linearBits = 8
  private static let unit: SimulatedTime = 1_000_000

  private var counters: [Int] = []
  /// How many times were recorded.
  public private(set) var count = 0
  /// The sum, in seconds.
  private var seconds = 0.0
  private var longest: SimulatedTime = 0

  /// Creates an empty histogram.
  public init() {}

  mutating func record(_ time: SimulatedTime) {
    let bin = Self.bin(of: Swift.max(time, 0))
    if bin >= counters.count {
      counters.append(contentsOf: repeatElement(0, count: bin + 1 - counters.count))
    }
    counters[bin] += 1
    count += 1
    seconds += Double(time) / 1e9
    longest = Swift.max(longest, time)
  }

  /// The longest time, exactly; nil when there is none.
  public var max: Duration? { count > 0 ? longest.duration : nil }

  /// The mean, exactly; nil when there is none.
  public var mean: Duration? { count > 0 ? .seconds(seconds / Double(count)) : nil }

  /// The time that this share of all did not exceed: of 0.95, the 95th percentile; nil when there is none.
  ///
  /// - Parameter share: From 0 to 1; anything outside is taken as the nearest of them.
  public func quantile(_ share: Double) -> Duration? {
    guard count > 0 else { return nil }
    let rank = Swift.min(Swift.max(Int((share * Double(count)).rounded(.up)), 1), count)
    var seen = 0
    for (bin, number) in counters.enumerated() {
      seen += number
      if seen >= rank { return Swift.min(Self.upperBound(of: bin), longest).duration }
    }
    return max
  }

  /// A range of times and how many there were.
  public struct Bin: Sendable, Hashable {
    /// The shortest time that is in it.
    public let lowerBound: Duration
    /// The longest time that is in it.
    public let upperBound: Duration
    /// How many times are in it.
    public let count: Int
  }

  /// The ranges that have any times, the shortest first.
  public var bins: [Bin] {
    counters.enumerated().compactMap { bin, number in
      guard number > 0 else { return nil }
      let lower = bin == 0 ? 0 : Self.upperBound(of: bin - 1) + 1
      return Bin(lowerBound: lower.duration, upperBound: Self.upperBound(of: bin).duration, count: number)
    }
  }

  private static func bin(of time: SimulatedTime) -> Int {
    let units = Int(time / unit)
    guard units >= linear else { return units }
    // The power of two above the linear part, and the next bits below the leading one.
    let shift = Int.bitWidth - 1 - units.leadingZeroBitCount - linearBits
    return linear + shift * linear + (units >> shift) - linear
  }

  /// The longest time in a bin: one nanosecond before the next bin's first.
  private static func upperBound(of bin: Int) -> SimulatedTime {
    let next = bin + 1
    guard next >= 2 * linear else { return SimulatedTime(next) * unit - 1 }
    let shift = (next - linear) / linear
    let units = (linear + (next - linear) % linear) << shift
    let (time, overflow) = SimulatedTime(units).multipliedReportingOverflow(by: unit)
    return overflow ? .max : time - 1
  }
}
