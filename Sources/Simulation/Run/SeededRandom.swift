internal import Glibc

/// A generator with a seed, so that a simulation can be repeated (SplitMix64: Steele, Lea and Flood, *Fast
/// splittable pseudorandom number generators*, 2014).
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Begins at a seed.
  public init(seed: UInt64) { state = seed }

  /// Begins at a seed, apart from others that begin there for another purpose.
  init(seed: UInt64, purpose: UInt64) {
    var mixer = SeededRandom(seed: seed ^ (purpose &* 0xd605_1e5e_b2d1_70a3))
    state = mixer.next()
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, but not including, 1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// The time between two events of a Poisson process with rate 1: exponential with mean 1.
  public mutating func exponential() -> Double { -log(1 - unit()) }

  /// A normal number with mean 0 and standard deviation 1 (Box and Muller, 1958).
  public mutating func normal() -> Double {
    (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
  }
}
