internal import Simulation

/// When processes arrive that somebody submits many at a time.
struct BurstArrivals {
  private let bursts: Bursts
  private var nextBurst = Duration.zero
  private var hasBegun = false
  /// The arrivals of the present burst that are still to come, the latest first.
  private var pending: [Duration] = []

  init(_ bursts: Bursts) { self.bursts = bursts }

  /// The moment of the next arrival; nil when it is not before `end`.
  mutating func next(before end: Duration, using random: inout SeededRandom) -> Duration? {
    if pending.isEmpty {
      nextBurst += gap(using: &random)
      // Bursts do not overlap, so that arrivals come in order with memory for one.
      let start = nextBurst
      guard start < end else { return nil }
      let within = bursts.within.inSeconds
      for _ in 0..<bursts.size {
        pending.append(within > 0 ? start + .seconds(within * random.unit()) : start)
      }
      pending.sort(by: >)
      nextBurst += bursts.within
    }
    guard let arrival = pending.popLast(), arrival < end else { return nil }
    return arrival
  }

  private mutating func gap(using random: inout SeededRandom) -> Duration {
    let rest = bursts.every - bursts.within
    switch bursts.spacing {
    case .random: return .seconds(rest.inSeconds * random.exponential())
    case .regular:
      defer { hasBegun = true }
      return hasBegun ? rest : bursts.first
    }
  }
}

/// Bursts of arrivals.
public struct Bursts: Sendable, Hashable {
  /// How the time between bursts varies.
  public enum Spacing: String, Sendable, Hashable, CaseIterable {
    /// Always the same time from one beginning to the next.
    case regular = "Regular"
    /// Exponential times.
    case random = "Random"
  }

  /// The mean time from one burst's beginning to the next one's; longer than ``within``.
  public var every: Duration
  /// When the first one begins, if they come regularly.
  public var first: Duration
  /// How that time varies.
  public var spacing: Spacing
  /// How many processes a burst has.
  public var size: Int
  /// The time over which a burst's processes are spread evenly at random; zero is all at once.
  public var within: Duration

  /// The range of ``size``: one burst is held in memory.
  public static let sizeRange = 1...100_000

  /// Describes bursts.
  public init(
    every: Duration, first: Duration = .zero, spacing: Spacing = .random, size: Int, within: Duration = .zero
  ) {
    self.every = every
    self.first = first
    self.spacing = spacing
    self.size = size
    self.within = within
  }
}
