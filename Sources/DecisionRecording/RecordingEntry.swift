package import Autoscaling
package import JSON

/// A line of a recording.
///
/// A recording begins with a ``RecordingStart``. Each program that goes on with the file adds another one, and then
/// remembers nothing of what was before.
package enum RecordingEntry: Sendable, Hashable {
  /// A program begins to record.
  case start(RecordingStart)
  /// A scaler begins, or gets other rules.
  case rules(RecordedRules)
  /// A scaler decided.
  case decision(RecordedDecision)
  /// Nothing follows of this program, as the file would become larger than this number of bytes.
  case limitReached(Int)
}

/// Who records, and how.
package struct RecordingStart: Sendable, Hashable {
  /// The format that this program writes, and the only one it reads. It is another one whenever a field is added.
  package static let format = 1

  /// The program with its version, for people.
  package let program: String
  /// The time since the beginning of 1970, UTC.
  package let wallTime: Duration

  package init(program: String, wallTime: Duration) {
    self.program = program
    self.wallTime = wallTime
  }
}

/// The rules that a scaler decides by from here on.
package struct RecordedRules: Sendable, Hashable {
  /// What a scaler still knows of the time before.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// Nothing: it begins.
    case new
    /// Everything: only its rules have changed.
    case kept
  }

  /// The scaler's name.
  package let scaler: String
  /// What it still knows.
  package let state: State
  /// The rules.
  package let policy: ScalingPolicy

  package init(scaler: String, state: State, policy: ScalingPolicy) {
    self.scaler = scaler
    self.state = state
    self.policy = policy
  }
}

/// Everything that a decision was made from, apart from the rules and the state, and the decision.
package struct RecordedDecision: Sendable, Hashable {
  /// The scaler's name.
  package let scaler: String
  /// The moment of the decision; its origin is the start of the program.
  package let at: ScalingInstant
  /// What was known about the queue and the target.
  package let input: ScalingInput
  /// The decision with its whole explanation: an ``ExplanationRecord`` as JSON.
  package let decision: JSONValue

  package init(scaler: String, at: ScalingInstant, input: ScalingInput, decision: JSONValue) {
    self.scaler = scaler
    self.at = at
    self.input = input
    self.decision = decision
  }
}
