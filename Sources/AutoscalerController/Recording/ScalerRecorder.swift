internal import Autoscaling
internal import DecisionRecording

/// Records the decisions of one scaler, which begins without a memory.
struct ScalerRecorder {
  private let recorder: DecisionRecorder
  private let scaler: String
  /// The rules that are in the recording.
  private var policy: ScalingPolicy?

  init(_ recorder: DecisionRecorder, scaler: String) {
    self.recorder = recorder
    self.scaler = scaler
  }

  /// Records one call of ``ScalingPolicy/decide(_:state:now:)``; each one must be, as they build on each other.
  mutating func record(
    _ decision: Decision, _ input: ScalingInput, policy: ScalingPolicy, at now: ScalingInstant
  ) {
    guard recorder.isOpen else { return }
    var entries: [RecordingEntry] = []
    if policy != self.policy {
      entries.append(
        .rules(
          RecordedRules(scaler: scaler, state: self.policy == nil ? .new : .kept, policy: policy)))
      self.policy = policy
    }
    entries.append(
      .decision(
        RecordedDecision(
          scaler: scaler, at: now, input: input, decision: decision.explanation.record.json)))
    recorder.append(entries)
  }
}
