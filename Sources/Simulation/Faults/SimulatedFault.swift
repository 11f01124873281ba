/// Something that goes wrong for a time.
public struct SimulatedFault: Sendable, Hashable {
  /// What goes wrong.
  public enum Kind: Sendable, Hashable {
    /// The queue cannot be asked: every question fails at once.
    case queueFails
    /// The queue's answers take so much longer; those that take longer than the deadline fail then.
    case queueAnswersLate(by: Duration)
    /// The queue answers as after a start with an empty database: nothing waits, runs, or has ever ended.
    case queueSeemsNew
    /// The answers are those of another colony, which has so many processes waiting.
    case otherQueueAnswers(waiting: Int)
    /// The answers have only this share of what waits and runs, rounded down; from 0 to 1.
    case queueCountsPart(Double)
    /// Changes of the replicas fail.
    case changesFail
    /// Changes of the replicas take so much longer.
    case changesTakeLonger(by: Duration)
    /// The autoscaler is stopped, and starts anew in the end.
    case autoscalerIsDown
  }

  /// What goes wrong.
  public let kind: Kind
  /// From when on, since the beginning of the trace.
  public let begin: Duration
  /// Until when; this moment is no longer part of it.
  public let end: Duration

  /// Creates a fault.
  public init(_ kind: Kind, from begin: Duration, to end: Duration) {
    self.kind = kind
    self.begin = begin
    self.end = end
  }
}
