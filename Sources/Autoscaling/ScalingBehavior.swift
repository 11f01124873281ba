/// How the number of replicas may change in one direction, in the words of a HorizontalPodAutoscaler's
/// `behavior`.
public struct ScalingBehavior: Sendable, Hashable {
  /// Which of several rates counts.
  public enum Select: String, Sendable, Hashable, CaseIterable {
    /// The one that allows the largest change.
    case max = "Max"
    /// The one that allows the smallest change.
    case min = "Min"
    /// None: the number is never changed in this direction, except to bring it within its bounds.
    case disabled = "Disabled"
  }

  /// How far demand may be from what the current replicas are for before anything is changed, as a part of
  /// it; 0 to 10. 0.1 ignores a tenth, as a HorizontalPodAutoscaler does; 0 unless set. Without replicas
  /// there is nothing to compare with, and nothing is ignored.
  public let tolerance: Double
  /// For how long a demand must have lasted before it is followed: growth goes to the lowest, shrinking to
  /// the highest number that was needed within this time. 0 to 1 hour; nil when it is not set.
  public let stabilizationWindow: Duration?
  /// How fast the number may change; any number of rates up to 10, none for no limit.
  public let policies: [ScalingRate]
  /// Which of the rates counts; the one that allows the largest change unless set.
  public let select: Select

  /// The range of ``tolerance``.
  public static let toleranceRange = 0.0...10.0
  /// The range of ``stabilizationWindow``.
  public static let stabilizationWindowRange: ClosedRange<Duration> = .zero ... .seconds(3_600)
  /// The most ``policies``.
  public static let policiesCount = 0...10

  /// Creates a behavior; the values are checked by the ``ScalingPolicy`` that takes it.
  public init(
    tolerance: Double = 0, stabilizationWindow: Duration? = nil, policies: [ScalingRate] = [],
    select: Select = .max
  ) {
    self.tolerance = tolerance
    self.stabilizationWindow = stabilizationWindow
    self.policies = policies
    self.select = select
  }

  /// Whether it takes remembering changes to follow it.
  var limitsRate: Bool { select == .disabled || !policies.isEmpty }

  /// The longest period of the policies.
  var longestPeriod: Duration { policies.lazy.map(\.period).max() ?? .zero }
}
