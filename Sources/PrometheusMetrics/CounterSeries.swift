internal import CoreMetrics
internal import Synchronization

/// A number that only grows. Whole steps are exact to 64 bits; others are added up beside them.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
  let identity: SeriesIdentity
  private let whole = Atomic<UInt64>(0)
  private let fractional = AtomicDouble()

  init(_ identity: SeriesIdentity) { self.identity = identity }

  /// Adds to the counter. What is below zero is ignored, as counters do not go down. Begins at zero again after
  /// 2⁶⁴, which readers take for a restart.
  func increment(by amount: Int64) {
    guard amount > 0 else { return }
    whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
  }

  /// Adds to the counter. What is below zero or not finite is ignored: it could never be undone.
  func increment(by amount: Double) {
    guard amount.isFinite, amount > 0 else { return }
    if let amount = Int64(exactly: amount) { return increment(by: amount) }
    fractional.add(amount)
  }

  func reset() {
    whole.store(0, ordering: .relaxed)
    fractional.store(0)
  }

  func write(to text: inout ExpositionText) {
    let whole = whole.load(ordering: .relaxed)
    let fractional = fractional.load()
    text.sample(
      identity.family, identity.labels, fractional == 0 ? String(whole) : (Double(whole) + fractional).sample)
  }
}
