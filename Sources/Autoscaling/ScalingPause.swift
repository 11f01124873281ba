/// Why a scaler is to change nothing for now.
public struct ScalingPause: Sendable, Hashable {
  /// Who wants that.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A person.
    case person
    /// Another autoscaler, which scales the same target. Two would undo each other's changes for ever.
    case otherAutoscaler
  }

  /// Who wants it.
  public let kind: Kind
  /// Who or what that is, for people: `annotation autoscaling.colonies.io/paused`.
  public let cause: String

  /// Creates a pause.
  public init(_ kind: Kind = .person, cause: String) {
    self.kind = kind
    self.cause = cause
  }

  var reason: ScalingReason {
    switch kind {
    case .person: .paused
    case .otherAutoscaler: .ownedByOther
    }
  }
}
