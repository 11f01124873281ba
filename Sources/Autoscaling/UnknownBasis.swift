/// Why and for how long the queue has been unknown.
public struct UnknownBasis: Sendable, Hashable {
  /// Why it is unknown now.
  public let cause: UnknownCause
  /// How many polls in a row left it unknown, this one included; 0 while there was none.
  public let polls: Int
  /// When the first of them was decided on.
  public let since: ScalingInstant?
  /// When the last trusted reading was observed; nil when there was none.
  public let lastKnownAt: ScalingInstant?
}
