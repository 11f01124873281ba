/// How many processes arrive in a second, on average over some time.
public struct ArrivalRate: Sendable, Hashable {
  /// Processes a second; 0 or more.
  public let perSecond: Double
  /// The time over which they were counted.
  public let over: Duration

  /// The time over which arrivals are counted: five minutes, or five polls where those take longer. Long, so that
  /// a burst, whose processes are counted as demand already, is not taken for the pace of what is still to come.
  public static func window(pollInterval: Duration) -> Duration { max(.seconds(300), pollInterval * 5) }
}

/// Counts of arrivals at moments of the recent past.
///
/// A process is waiting, running or finished from its arrival on, so the sum of the three counts arrivals for as
/// long as the server keeps its data. Pauses between readings do no harm.
///
/// Of counts that are closer than 1/64 of the window only the first and the newest are kept, at most 67.
struct ArrivalWindow: Sendable, Hashable {
  private struct Sample: Sendable, Hashable {
    let arrived: Int
    let at: ScalingInstant
  }

  private var samples: [Sample] = []
  private var newest: Sample?

  /// How many counts are kept.
  var count: Int { samples.count + (newest == nil ? 0 : 1) }

  mutating func forget() {
    samples.removeAll(keepingCapacity: true)
    newest = nil
  }

  /// Takes in how many have ever arrived at a moment.
  mutating func record(_ arrived: Int, at instant: ScalingInstant, length: Duration) {
    if let newest, arrived < newest.arrived || instant < newest.at { forget() }
    let sample = Sample(arrived: arrived, at: instant)
    newest = sample
    if samples.last.map({ $0.at.duration(to: instant) * 64 >= length }) ?? true { samples.append(sample) }
    // The one that begins the window, and those within it.
    let expired = samples.dropFirst().prefix { $0.at.advanced(by: length) <= instant }.count
    samples.removeFirst(expired)
  }

  /// The rate of a whole window; nil before one was observed.
  func rate(length: Duration) -> ArrivalRate? {
    guard let first = samples.first, let newest else { return nil }
    let time = first.at.duration(to: newest.at)
    guard time >= length else { return nil }
    return ArrivalRate(perSecond: Double(newest.arrived - first.arrived) / (time / .seconds(1)), over: time)
  }

  /// When a whole window will have been observed; nil when none has begun.
  func completeAt(length: Duration) -> ScalingInstant? { samples.first?.at.advanced(by: length) }
}
