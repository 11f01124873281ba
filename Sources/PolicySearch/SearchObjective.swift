public import Simulation
internal import YAML

/// Something that a policy has to reach: a bound on one number about its outcome.
public struct SearchObjective: Sendable, Hashable {
  /// The numbers that can be bounded.
  public enum Measure: Sendable, Hashable {
    /// The wait, in seconds, that this share of the processes does not exceed.
    case wait(share: Double)
    /// The longest wait, in seconds.
    case longestWait
    /// The mean wait, in seconds.
    case meanWait
    /// Pod-seconds ÷ job-seconds.
    case cost
    /// Changes of the number of replicas.
    case changes
    /// Changes in the other direction than the one before.
    case reversals
  }

  /// What is bounded.
  public let measure: Measure
  /// The most it may be: seconds, or a number.
  public let limit: Double
  /// As it was written.
  public let text: String

  /// Reads an objective: `p95 wait <= 30s`, `max wait <= 2m`, `mean wait <= 5s`, `cost <= 1.5`, `changes <= 2000` or
  /// `reversals <= 500`.
  /// - Returns: Nil when the text is none.
  public init?(parsing text: String) {
    let words = text.replacing("<=", with: " <= ").replacing("≤", with: " <= ").split(separator: " ").map(
      String.init)
    guard let sign = words.firstIndex(of: "<="), words.count == sign + 2 else { return nil }
    let bound = words[sign + 1]
    switch words[..<sign] {
    case ["cost"]: measure = .cost
    case ["changes"]: measure = .changes
    case ["reversals"]: measure = .reversals
    case ["max", "wait"]: measure = .longestWait
    case ["mean", "wait"]: measure = .meanWait
    default:
      guard sign == 2, words[1] == "wait", words[0].first == "p",
        let percent = Self.decimal(words[0].dropFirst()),
        percent > 0, percent <= 100
      else { return nil }
      measure = .wait(share: percent / 100)
    }
    switch measure {
    case .wait, .longestWait, .meanWait:
      guard let limit = DurationSyntax.duration(bound) else { return nil }
      self.limit = limit / .seconds(1)
    case .cost, .changes, .reversals:
      guard let limit = Self.decimal(bound[...]) else { return nil }
      self.limit = limit
    }
    self.text = (words[..<sign] + ["<=", bound]).joined(separator: " ")
  }

  /// What can be written, for messages.
  public static let forms =
    "p95 wait <= 30s, max wait <= 2m, mean wait <= 5s, cost <= 1.5, changes <= 2000, reversals <= 500"

  /// The number of an outcome; nil when nothing was done.
  public func value(of outcome: SimulationOutcome) -> Double? {
    switch measure {
    case .wait(let share): outcome.waits.quantile(share).map { $0 / .seconds(1) }
    case .longestWait: outcome.waits.max.map { $0 / .seconds(1) }
    case .meanWait: outcome.waits.mean.map { $0 / .seconds(1) }
    case .cost: outcome.cost
    case .changes: Double(outcome.changes)
    case .reversals: Double(outcome.reversals)
    }
  }

  /// Whether an outcome reaches it.
  public func isMet(by outcome: SimulationOutcome) -> Bool { excess(of: outcome) == 0 }

  /// How far an outcome is above the limit, as a part of it; 0 when it is not.
  func excess(of outcome: SimulationOutcome) -> Double {
    // Where nothing was done there was nothing to wait for.
    guard let value = value(of: outcome), value > limit else { return 0 }
    return limit > 0 ? value / limit - 1 : value
  }

  private static func decimal(_ text: Substring) -> Double? {
    guard let first = text.utf8.first, let last = text.utf8.last, first != dot, last != dot,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == dot })
    else { return nil }
    return Double(text)
  }

  private static let dot = UInt8(ascii: ".")
}
