internal import Autoscaling
internal import KubernetesClient

/// What an Event is to say about a scaler's target.
struct DecisionNote: Sendable, Hashable {
  let severity: KubernetesEvent.Severity
  /// One word, the same for all notes of a sort.
  let reason: String
  let message: String
  /// Whether something was changed. Notes about the same reason why nothing changes are one Event, whatever
  /// numbers they mention; changes are told one by one.
  let isChange: Bool
}

/// Chooses what is worth an Event on a target: each change, and each new reason why nothing changes, of which
/// at most one a minute.
struct DecisionNotes {
  /// The time between two notes about nothing having changed.
  static let interval: Duration = .seconds(60)

  /// The reason that was noted last; nil when all is well, or was noted to be.
  private var noted: String?
  private var notedAt: ScalingInstant?

  /// The note about a decision that was carried out, if it is worth one.
  mutating func note(_ explanation: Explanation) -> DecisionNote? {
    let reason = explanation.reason
    let severity: KubernetesEvent.Severity = reason.isWorrying ? .warning : .normal
    let note = DecisionNote(
      severity: severity, reason: reason.rawValue, message: explanation.summary,
      isChange: explanation.direction != .hold)
    guard !note.isChange else {
      noted = nil
      return note
    }
    guard !reason.isQuiet else {
      noted = nil
      return nil
    }
    return ifNew(note, at: explanation.decidedAt)
  }

  /// The note about a target that could not be read or changed, if it is worth one.
  mutating func note(_ error: TargetError, at now: ScalingInstant) -> DecisionNote? {
    // Whoever leads tells what happens.
    guard error.code != .notLeading else { return nil }
    let reason = "Target" + error.code.rawValue.prefix(1).uppercased() + error.code.rawValue.dropFirst()
    return ifNew(
      DecisionNote(severity: .warning, reason: reason, message: error.message, isChange: false), at: now)
  }

  private mutating func ifNew(_ note: DecisionNote, at now: ScalingInstant) -> DecisionNote? {
    guard note.reason != noted else { return nil }
    // Told when its time has come, if it is still so then.
    if let notedAt, notedAt.duration(to: now) < Self.interval { return nil }
    noted = note.reason
    notedAt = now
    return note
  }
}
