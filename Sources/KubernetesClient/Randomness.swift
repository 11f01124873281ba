internal import Locking

/// A source of random numbers that several tasks share.
struct Randomness: Sendable {
  private let generator: Locked<any RandomNumberGenerator & Sendable>

  init(_ generator: some RandomNumberGenerator & Sendable) { self.generator = Locked(generator) }

  func fraction(in range: ClosedRange<Double>) -> Double {
    generator.withLock { generator in
      var copy = generator
      defer { generator = copy }
      return Double.random(in: range, using: &copy)
    }
  }
}
