/// An attempt to read a queue that failed.
public struct QueueFailure: Sendable, Hashable {
  /// When the attempt failed. Each attempt has its own moment; the same moment again is the same attempt.
  public let failedAt: ScalingInstant
  /// Why, in a few words for people, without secrets.
  public let message: String

  /// Creates a failure.
  public init(failedAt: ScalingInstant, message: String) {
    self.failedAt = failedAt
    self.message = message
  }
}
