import Testing

@testable import AutoscalerController

/// When replicas may be taken away.
struct ScaleDownRule: Sendable {
  let idleFor: Duration
  /// How long after its decision a change may be seen: it may be held up on its way.
  let lateness: Duration

  /// A scale-down that nothing allowed.
  struct Violation: Sendable, CustomStringConvertible {
    let description: String
  }

  /// Looks for scale-downs that no moment shortly before allowed.
  /// - Parameter readings: What the demand was known to be; replicas are one for each process.
  func violations(_ replicas: [Moment<Int>], readings: [Moment<Int>]) -> [Violation] {
    zip(replicas, replicas.dropFirst()).compactMap { before, after in
      guard after.value < before.value, after.value < lowestAllowed(at: after.at, readings) else {
        return nil
      }
      let recent = readings.filter { $0.at > after.at - lateness - idleFor && $0.at <= after.at }
        .map { "\($0.value) \(after.at - $0.at) before" }
      return Violation(
        description: "from \(before.value) to \(after.value); demand was \(recent.joined(separator: ", "))")
    }
  }

  /// The fewest replicas that a decision within the lateness may have asked for.
  private func lowestAllowed(at end: ContinuousClock.Instant, _ readings: [Moment<Int>]) -> Int {
    let begin = end - lateness
    // What is allowed falls only when a reading leaves the window, which it does a window after the next.
    let falls = readings.map { $0.at + idleFor }.filter { $0 > begin && $0 <= end }
    return ([begin, end] + falls).map { highest(before: $0, readings) }.min() ?? 0
  }

  /// The highest demand in the window that ends at a moment.
  private func highest(before moment: ContinuousClock.Instant, _ readings: [Moment<Int>]) -> Int {
    let begin = moment - idleFor
    let inForce = readings.last { $0.at <= begin }
    return (readings.filter { $0.at > begin && $0.at <= moment } + [inForce].compactMap { $0 })
      .map(\.value).max() ?? 0
  }
}
