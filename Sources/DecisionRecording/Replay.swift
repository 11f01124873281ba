internal import Autoscaling
internal import JSON

/// Makes the decisions of a recording again, and compares.
///
/// It is fed line by line, and keeps only what scalers remember, so that a recording of any size can be replayed.
package struct Replay {
  private struct Scaler {
    var policy: ScalingPolicy
    var state = ScalerState()
  }

  private var scalers: [String: Scaler] = [:]
  /// What was found so far.
  package private(set) var summary = ReplaySummary()

  package init() {}

  /// Takes the next line, without its end.
  /// - Parameter number: The line's number, for ``ReplayDifference/line``.
  /// - Returns: What differs; nil when nothing does, or nothing was decided.
  package mutating func take(
    _ line: some Collection<UInt8>, number: Int
  ) throws(RecordingError) -> ReplayDifference? {
    let entry = try RecordingEntry(line: line)
    guard !summary.programs.isEmpty || entry.isStart else {
      throw RecordingError(field: "entry", "a recording begins with a start, and this is none")
    }
    switch entry {
    case .start(let start):
      scalers = [:]
      summary.programs.append(start.program)
    case .rules(let rules): try take(rules)
    case .decision(let decision): return try take(decision, number: number)
    case .limitReached(let limit): summary.limitReached = limit
    }
    return nil
  }

  private mutating func take(_ rules: RecordedRules) throws(RecordingError) {
    summary.scalers.insert(rules.scaler)
    switch rules.state {
    case .new: scalers[rules.scaler] = Scaler(policy: rules.policy)
    case .kept:
      guard scalers[rules.scaler] != nil else { throw unknown(rules.scaler) }
      scalers[rules.scaler]?.policy = rules.policy
      summary.policyChanges += 1
    }
  }

  private mutating func take(
    _ recorded: RecordedDecision, number: Int
  ) throws(RecordingError) -> ReplayDifference? {
    guard var scaler = scalers[recorded.scaler] else { throw unknown(recorded.scaler) }
    let decision = scaler.policy.decide(recorded.input, state: &scaler.state, now: recorded.at)
    scalers[recorded.scaler] = scaler
    summary.decisions += 1
    summary.reasons[decision.explanation.reason, default: 0] += 1
    let fields = ReplayDifference.Field.differences(
      recorded: recorded.decision, replayed: decision.explanation.record.json)
    guard !fields.isEmpty else { return nil }
    summary.differences += 1
    return ReplayDifference(line: number, scaler: recorded.scaler, fields: fields)
  }

  private func unknown(_ scaler: String) -> RecordingError {
    RecordingError(field: "scaler", "\(scaler) has no rules before this line")
  }
}

extension RecordingEntry {
  fileprivate var isStart: Bool { if case .start = self { true } else { false } }
}
