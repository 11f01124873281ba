/// How quickly leadership is renewed, lost and taken over.
///
/// What keeps two from writing at once: a leader stops `renewDeadline` after it *sent* its last successful
/// renewal; others wait for `duration` after they *saw* it. So it holds as long as no two clocks run so differently that
/// one counts `renewDeadline` while another counts `duration`: half as fast again. What time the clocks show
/// does not matter. A lease that somebody deletes is left alone for `duration` by those who had seen it; one that
/// is deleted twice while a candidate stands still, or just before one starts, is beyond that. A write that was sent while leading must be answered within `duration - renewDeadline`.
public struct ElectionTiming: Sendable, Hashable {
  /// How long others wait after a renewal until they take over.
  public var duration: Duration
  /// How long a leader goes on after a renewal.
  public var renewDeadline: Duration
  /// How long to wait between tries to renew, or to read where the lease cannot be watched, before jitter of up to
  /// a fifth more.
  public var retryPeriod: Duration

  /// The field's usual times.
  public init(
    duration: Duration = .seconds(15), renewDeadline: Duration = .seconds(10),
    retryPeriod: Duration = .seconds(2)
  ) {
    precondition(
      duration > renewDeadline && renewDeadline > retryPeriod * 1.2 && retryPeriod > .zero,
      "duration > renewDeadline > 1.2 * retryPeriod > 0")
    self.duration = duration
    self.renewDeadline = renewDeadline
    self.retryPeriod = retryPeriod
  }

  /// The duration as the lease says it, in whole seconds; never shorter.
  var wholeSeconds: Int {
    let (seconds, attoseconds) = duration.components
    return Int(seconds) + (attoseconds > 0 ? 1 : 0)
  }
}
