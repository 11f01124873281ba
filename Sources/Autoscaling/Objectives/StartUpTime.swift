/// How long it takes from a change of the target until the replicas it asked for work.
public struct StartUpTime: Sendable, Hashable {
  /// The time to reckon with.
  public let duration: Duration
  /// How many start-ups it was learned from; 0 when it is ``assumed``.
  public let measured: Int

  /// What is reckoned with before any start-up was seen: 10 seconds.
  public static let assumed = StartUpTime(duration: .seconds(10), measured: 0)
}

/// The last start-ups of a target, as seen by its replicas.
///
/// A start-up is measured from the moment before more replicas were seen to be wanted until as many are ready, so
/// it is too long by the time between two looks at most.
struct StartUpHistory: Sendable, Hashable {
  private struct Sight: Sendable, Hashable {
    let wanted: Int
    let at: ScalingInstant
  }

  /// What was wanted when it was last looked.
  private var last: Sight?
  /// The growth that is being measured: what is to be ready, and since when it was wanted.
  private var growth: Sight?
  /// The newest last.
  private var durations: [Duration] = []

  /// How many start-ups are remembered.
  static let length = 20
  /// What has not started by then will not, and says nothing of the time it takes.
  static let patience: Duration = .seconds(3_600)

  /// Takes in how many replicas are wanted now, and how many are ready; nil when that is not known.
  mutating func see(_ wanted: Int, ready: Int?, now: ScalingInstant) {
    defer { last = Sight(wanted: wanted, at: now) }
    guard let ready else {
      growth = nil
      return
    }
    if growth == nil, let last, wanted > last.wanted { growth = Sight(wanted: wanted, at: last.at) }
    guard let growth else { return }
    let took = growth.at.duration(to: now)
    if ready >= growth.wanted {
      if durations.count == Self.length { durations.removeFirst() }
      durations.append(took)
      self.growth = nil
    } else if wanted < growth.wanted || took > Self.patience {
      self.growth = nil
    }
  }

  /// The 90th percentile by nearest rank: with fewer than ten start-ups the longest one. One image that had to be
  /// pulled does not count for ever, and a common slow start counts.
  var estimate: StartUpTime {
    guard !durations.isEmpty else { return .assumed }
    let rank = (durations.count * 9 + 9) / 10
    return StartUpTime(duration: durations.sorted()[rank - 1], measured: durations.count)
  }
}
