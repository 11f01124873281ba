/// What to do when the queue stays unknown.
public struct FallbackPolicy: Sendable, Hashable {
  /// How many polls in a row must leave the queue unknown; 1 to 1,000,000.
  public let afterFailures: Int
  /// The replicas to go to then, within the bounds of the scaler; 0 to 1,000,000.
  public let replicas: Int
  /// Whether to go there even if that takes replicas away. Then it happens no sooner than
  /// ``ScaleDownPolicy/window`` after the first failure. Off unless set.
  public let allowLowering: Bool

  /// The range of ``afterFailures``.
  public static let afterFailuresRange = 1...1_000_000

  /// Creates a fallback; the values are checked by the ``ScalingPolicy`` that takes it.
  public init(afterFailures: Int, replicas: Int, allowLowering: Bool = false) {
    self.afterFailures = afterFailures
    self.replicas = replicas
    self.allowLowering = allowLowering
  }
}
