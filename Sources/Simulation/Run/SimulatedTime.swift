internal import Autoscaling

/// A moment or a length of time, in nanoseconds since the beginning of the trace: an integer, as a simulation
/// compares and adds little else. It reaches for 292 years.
typealias SimulatedTime = Int64

extension SimulatedTime {
  /// Rounded towards zero; the nearest that there is when it does not fit.
  init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    self = overflow || carried ? (seconds < 0 ? .min : .max) : sum
  }

  /// The same length of time.
  var duration: Duration { .nanoseconds(self) }

  /// The same moment.
  var instant: ScalingInstant { ScalingInstant(offset: .nanoseconds(self)) }

  /// The moment so much later; the last there is when there is none.
  func later(_ time: SimulatedTime) -> SimulatedTime {
    let (sum, overflow) = addingReportingOverflow(time)
    return overflow ? .max : sum
  }
}
