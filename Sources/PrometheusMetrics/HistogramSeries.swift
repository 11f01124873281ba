internal import CoreMetrics
internal import Locking

/// How values are distributed. Timers are recorded in seconds, whatever unit they would like to be shown in.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
  private struct State {
    /// Of each bucket alone.
    var counts: [UInt64]
    var sum = 0.0
  }

  let identity: SeriesIdentity
  private let buckets: HistogramBuckets
  // Its own lock, so that the buckets, the sum and the count that are written belong together.
  private let state: Locked<State>

  init(_ identity: SeriesIdentity, _ buckets: HistogramBuckets) {
    self.identity = identity
    self.buckets = buckets
    state = Locked(State(counts: Array(repeating: 0, count: buckets.texts.count)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  /// Counts a value. One that is not finite is ignored: the sum could never be used again.
  func record(_ value: Double) {
    guard value.isFinite else { return }
    let index = buckets.index(of: value)
    state.withLock { state in
      state.counts[index] += 1
      state.sum += value
    }
  }

  /// Counts a duration. One below zero, which a clock that was set back gives, counts as zero.
  func recordNanoseconds(_ duration: Int64) { record(Double(max(duration, 0)) / 1e9) }

  func write(to text: inout ExpositionText) {
    let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
    var count: UInt64 = 0
    for (alone, bound) in zip(counts, buckets.texts) {
      count += alone
      text.sample(identity.family, suffix: "_bucket", identity.labels, bound: bound, String(count))
    }
    text.sample(identity.family, suffix: "_sum", identity.labels, sum.sample)
    text.sample(identity.family, suffix: "_count", identity.labels, String(count))
  }
}
