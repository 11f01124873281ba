/// A person's wish that a scaler changes nothing for now.
public struct ScalingPause: Sendable, Hashable {
  /// Who or what paused it, for people: `annotation colonies.io/paused`.
  public let cause: String

  /// Creates a pause.
  public init(cause: String) {
    self.cause = cause
  }
}
