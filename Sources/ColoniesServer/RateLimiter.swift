internal import Colonies
internal import Locking

/// Lets each identity send a number of requests a second, after a burst of as many.
///
/// A token bucket for each identity the server knows; all strangers share one, so that the number of buckets
/// is bounded by the registry's limits.
final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var filled: Timestamp
  }

  private let requestsPerSecond: Double
  private let buckets = Locked<[String: Bucket]>([:])

  init(requestsPerSecond: Int) { self.requestsPerSecond = Double(requestsPerSecond) }

  /// Whether this request is within the limit.
  /// - Parameter identity: Who asks; empty for strangers.
  func admits(_ identity: String, at now: Timestamp) -> Bool {
    buckets.withLock { buckets in
      // Buckets that are full again say nothing: drop them all rather than let them pile up.
      if buckets.count > 10_000 { buckets = buckets.filter { now - $0.value.filled < .seconds(1) } }
      var bucket = buckets[identity] ?? Bucket(tokens: requestsPerSecond, filled: now)
      let elapsed = max(
        0,
        Double((now - bucket.filled).components.attoseconds) / 1e18
          + Double((now - bucket.filled).components.seconds))
      bucket.tokens = min(requestsPerSecond, bucket.tokens + elapsed * requestsPerSecond)
      bucket.filled = now
      defer { buckets[identity] = bucket }
      guard bucket.tokens >= 1 else { return false }
      bucket.tokens -= 1
      return true
    }
  }
}
