internal import Autoscaling
internal import DecisionRecording
internal import JSON

/// The newest decision of a scaler, and the last ones that were worth telling.
struct DecisionMemory {
  /// How many that are.
  static let length = DecisionQuery.mostLast

  private var newest: Explanation?
  private var told: [Explanation] = []

  mutating func take(_ explanation: Explanation, isTold: Bool) {
    newest = explanation
    guard isTold else { return }
    if told.count == Self.length { told.removeFirst() }
    told.append(explanation)
  }

  /// What is remembered, the newest first. Ages are in seconds.
  /// - Parameter last: The most decisions that were worth telling.
  func json(last: Int, at now: ScalingInstant) -> JSONValue {
    func json(_ explanation: Explanation) -> JSONValue {
      .object([
        ("ageSeconds", .seconds(explanation.decidedAt.duration(to: now))),
        ("decision", explanation.record.json), ("text", .string(explanation.description)),
      ])
    }
    return .object([
      ("newest", newest.map(json) ?? .null), ("told", .array(told.reversed().prefix(last).map(json))),
    ])
  }
}
