internal import CoreMetrics

/// A number that goes up and down; zero before anything is said.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
  let identity: SeriesIdentity
  private let value = AtomicDouble()

  init(_ identity: SeriesIdentity) { self.identity = identity }

  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { self.value.store(value) }

  /// Adds to the gauge; nothing if the amount is below zero or not finite.
  func increment(by amount: Double) {
    guard amount.isFinite, amount > 0 else { return }
    value.add(amount)
  }

  /// Takes from the gauge; nothing if the amount is below zero or not finite.
  func decrement(by amount: Double) {
    guard amount.isFinite, amount > 0 else { return }
    value.add(-amount)
  }

  func write(to text: inout ExpositionText) {
    text.sample(identity.family, identity.labels, value.load().sample)
  }
}
