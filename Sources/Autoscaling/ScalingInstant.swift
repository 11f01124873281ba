/// A moment, as the time passed since an origin that the caller chose.
///
/// Decisions never read a clock. A controller counts from its own start with a monotonic clock, a simulator
/// from the start of its trace; moments with different origins must not be mixed.
public struct ScalingInstant: InstantProtocol, Sendable {
  /// The time since the origin; negative before it.
  public let offset: Duration

  /// Creates a moment from the time since the origin.
  public init(offset: Duration) {
    self.offset = offset
  }

  /// The origin itself.
  public static let origin = ScalingInstant(offset: .zero)

  /// The moment that is `duration` later.
  public func advanced(by duration: Duration) -> ScalingInstant {
    ScalingInstant(offset: offset + duration)
  }

  /// The time from this moment to another; negative when the other is earlier.
  public func duration(to other: ScalingInstant) -> Duration {
    other.offset - offset
  }

  /// Whether a moment is before another.
  public static func < (left: ScalingInstant, right: ScalingInstant) -> Bool {
    left.offset < right.offset
  }
}
