/// How the number of replicas may shrink.
public struct ScaleDownPolicy: Sendable, Hashable {
  /// The keep-alive: replicas are kept until the lower demand was observed without interruption for this
  /// long. 0 to 24 hours; unless set, 60 seconds, or none where a stabilization window is set. With zero, the
  /// first reading of a lower demand shrinks at once.
  public let idleFor: Duration
  /// Tolerance, stabilization window and rates.
  public let behavior: ScalingBehavior

  /// The range of ``idleFor``.
  public static let idleForRange: ClosedRange<Duration> = .zero ... .seconds(86_400)

  init(idleFor: Duration?, behavior: ScalingBehavior) {
    self.idleFor = idleFor ?? (behavior.stabilizationWindow == nil ? .seconds(60) : .zero)
    self.behavior = behavior
  }

  /// The time for which a lower demand must have been observed: the keep-alive or the stabilization window,
  /// whichever is longer. Both are the same rule, so the longer one holds whenever the shorter one does.
  public var window: Duration {
    guard let stabilization = behavior.stabilizationWindow else { return idleFor }
    return max(idleFor, stabilization)
  }
}
