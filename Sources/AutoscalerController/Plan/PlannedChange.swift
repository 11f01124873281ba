public import Autoscaling
internal import DecisionRecording
internal import JSON

/// What an autoscaler that was started now would do about one scaler.
public struct PlannedChange: Sendable, Hashable {
  /// How it came out.
  public enum Outcome: Sendable, Hashable {
    /// What would be decided, and why.
    case decision(Explanation)
    /// Why nothing can be decided.
    case failure(String)
  }

  /// The scaler.
  public var scaler: String
  /// What it scales, for people.
  public var target: String
  /// How it came out.
  public var outcome: Outcome

  /// Whether replicas would be changed.
  public var isChange: Bool {
    guard case .decision(let explanation) = outcome else { return false }
    return explanation.direction != .hold
  }

  /// Whether nothing could be decided, or the queue could not be read.
  public var isFailure: Bool {
    switch outcome {
    case .failure: true
    case .decision(let explanation): if case .unknown = explanation.basis { true } else { false }
    }
  }
}

extension PlannedChange {
  /// The change for machines.
  var json: JSONValue {
    switch outcome {
    case .decision(let explanation):
      .object([
        ("scaler", .string(scaler)), ("target", .string(target)), ("current", .integer(explanation.current)),
        ("desired", .integer(explanation.replicas)), ("error", .null),
        ("explanation", explanation.record.json),
      ])
    case .failure(let error):
      .object([
        ("scaler", .string(scaler)), ("target", .string(target)), ("current", .null), ("desired", .null),
        ("error", .string(error)), ("explanation", .null),
      ])
    }
  }
}
