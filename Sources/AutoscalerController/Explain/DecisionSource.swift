public import JSON

/// Which decisions are asked for.
public struct DecisionQuery: Sendable, Hashable {
  /// The scaler; nil for all.
  public var scaler: String?
  /// How many of the decisions before the newest one, of those that were worth telling; 0 to ``mostLast``.
  public var last: Int

  /// The most that controllers remember.
  public static let mostLast = 20

  /// Asks for decisions.
  public init(scaler: String? = nil, last: Int = mostLast) {
    self.scaler = scaler
    self.last = last
  }

  /// Names and values, without escapes.
  var parameters: [(name: String, value: String)] {
    (scaler.map { [("scaler", $0)] } ?? []) + [("last", "\(last)")]
  }
}

/// A running controller that can be asked for its decisions.
public protocol DecisionSource: Sendable {
  /// What is asked, for people: `pod jobs/colonies-autoscaler-0`.
  var name: String { get }
  /// Asks once.
  /// - Returns: The controller's answer; nil when it knows no such scaler.
  /// - Throws: `ExplainError`.
  func answer(to query: DecisionQuery) async throws(ExplainError) -> JSONValue?
}

extension DecisionSource {
  /// Asks for decisions.
  /// - Throws: `ExplainError`; with the names that there are when there is no such scaler.
  public func decisions(_ query: DecisionQuery) async throws(ExplainError) -> RunningDecisions {
    if let answer = try await answer(to: query) {
      let decisions = try RunningDecisions(answer, from: name)
      guard decisions.isLeading || !decisions.scalers.isEmpty else {
        let leader = decisions.leader.map { "\($0) does" } ?? "nobody is known to"
        throw ExplainError(.notLeading, "\(name) does not lead, so it decides nothing; \(leader)")
      }
      return decisions
    }
    guard let wanted = query.scaler, let all = try await answer(to: DecisionQuery(last: 0)) else {
      throw ExplainError(
        .notAController, "what answers at \(name) has no decisions: it is no colonies-autoscaler of this sort"
      )
    }
    let decisions = try RunningDecisions(all, from: name)
    let names = decisions.scalers.map(\.scaler)
    guard !names.isEmpty else {
      throw ExplainError(
        decisions.isLeading ? .unknownScaler : .notLeading,
        decisions.isLeading
          ? "\(name) has no scalers: its configuration has none, or none that could be used"
          : "\(name) does not lead, so it decides nothing; \(decisions.leader ?? "nobody") does")
    }
    throw ExplainError(
      .unknownScaler, "\(name) has no scaler \(wanted); it has \(names.joined(separator: ", "))")
  }
}
