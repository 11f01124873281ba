/// What goes wrong in a simulation, and when. Of faults of one sort at the same time, the one that began last
/// counts.
public struct FaultSchedule: Sendable, Hashable {
  /// The faults, in the order of their beginnings.
  public let faults: [SimulatedFault]

  /// Creates a schedule of faults in any order.
  public init(_ faults: [SimulatedFault] = []) {
    self.faults = faults.sorted { $0.begin < $1.begin }
  }

  /// How long faults last that are made up.
  public struct Lengths: Sendable, Hashable {
    /// The longest time for which a queue tells what is not so.
    public var longestLie: Duration
    /// The longest time of everything else.
    public var longest: Duration

    /// Creates lengths.
    public init(longestLie: Duration, longest: Duration) {
      self.longestLie = longestLie
      self.longest = longest
    }
  }

  /// Makes up faults of every kind; the same from the same seed.
  ///
  /// Half of them last for less than an eighth of the longest time, as short faults are the more common.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - length: The time within which they begin.
  ///   - lengths: How long they last.
  ///   - seed: What random numbers begin with.
  public static func random(
    _ count: Int, within length: Duration, lasting lengths: Lengths, seed: UInt64
  ) -> FaultSchedule {
    var random = SeededRandom(seed: seed, purpose: 3)
    return FaultSchedule(
      (0..<count).map { _ in
        let kind = Self.kind(&random)
        let begin = length * random.unit()
        let part = random.unit()
        let longest = kind.isLie ? lengths.longestLie : lengths.longest
        return SimulatedFault(kind, from: begin, to: begin + longest * (part * part * part))
      })
  }

  private static func kind(_ random: inout SeededRandom) -> SimulatedFault.Kind {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: .queueFails
    case 1: .queueAnswersLate(by: .seconds(20 * random.unit()))
    case 2: .queueSeemsNew
    case 3: .otherQueueAnswers(waiting: Int.random(in: 0...20, using: &random))
    case 4: .queueCountsPart(random.unit())
    case 5: .changesFail
    case 6: .changesTakeLonger(by: .seconds(5 * random.unit()))
    default: .autoscalerIsDown
    }
  }
}

extension SimulatedFault.Kind {
  /// Whether the queue tells what is not so.
  public var isLie: Bool {
    switch self {
    case .queueSeemsNew, .otherQueueAnswers, .queueCountsPart: true
    case .queueFails, .queueAnswersLate, .changesFail, .changesTakeLonger, .autoscalerIsDown: false
    }
  }
}
