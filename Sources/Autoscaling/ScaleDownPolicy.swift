/// How the number of replicas may shrink.
public struct ScaleDownPolicy: Sendable, Hashable {
  /// The keep-alive, or stabilization window: replicas are kept until the lower demand was observed
  /// without interruption for this long. 0 to 24 hours; 60 seconds unless set. With zero, the first reading
  /// of a lower demand shrinks at once.
  public let idleFor: Duration

  /// The range of ``idleFor``.
  public static let idleForRange: ClosedRange<Duration> = .zero ... .seconds(86_400)

  init(idleFor: Duration) {
    self.idleFor = idleFor
  }
}
