package import Autoscaling

/// What a replay has found so far.
package struct ReplaySummary: Sendable, Hashable {
  /// The programs that recorded, in their order; one that was started again is there again.
  package var programs: [String] = []
  /// The names of the scalers.
  package var scalers: Set<String> = []
  /// The decisions that were made again.
  package var decisions = 0
  /// How often a scaler got other rules while it ran.
  package var policyChanges = 0
  /// The decisions by their reason, as they came out now.
  package var reasons: [ScalingReason: Int] = [:]
  /// The decisions that came out differently.
  package var differences = 0
  /// The limit in bytes at which the recording ended; nil when it did not reach one.
  package var limitReached: Int?

  package init() {}
}
