internal import Locking

/// A source of random numbers that several tasks share.
struct Randomness: RandomNumberGenerator, Sendable {
  private let generator: Locked<any RandomNumberGenerator & Sendable>

  init(_ generator: some RandomNumberGenerator & Sendable) { self.generator = Locked(generator) }

  func next() -> UInt64 { generator.withLock { $0.next() } }

  func fraction(in range: ClosedRange<Double>) -> Double {
    var source = self
    return Double.random(in: range, using: &source)
  }
}
