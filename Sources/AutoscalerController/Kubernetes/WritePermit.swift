internal import KubernetesClient

/// Whether changes may be made right now. Asked before each of them.
struct WritePermit: Sendable {
  /// How long a change that is sent now may take; nil when none may be made.
  let deadline: @Sendable () -> Duration?

  /// The time for one change where nobody else could make one meanwhile.
  static let usualDeadline: Duration = .seconds(10)

  /// Always: there is only one autoscaler.
  static let always = WritePermit { usualDeadline }

  /// While this process leads, and not for longer than it certainly does.
  static func whileLeading(_ leadership: Leadership) -> WritePermit {
    WritePermit { leadership.writeDeadline.map { min($0, usualDeadline) } }
  }
}
