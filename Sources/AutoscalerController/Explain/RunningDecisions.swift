internal import Autoscaling
public import JSON

/// What a running controller says about its decisions.
public struct RunningDecisions: Sendable, Hashable {
  /// A decision, as its controller words it.
  struct Told: Sendable, Hashable {
    /// How long ago it was.
    let age: Duration
    let current: Int
    let replicas: Int
    let reason: String
    let summary: String
    /// The whole explanation.
    let text: String
  }

  /// The decisions of one scaler.
  struct ScalerDecisions: Sendable, Hashable {
    let scaler: String
    /// Nil when nothing was decided yet.
    let newest: Told?
    /// The last ones that were worth telling, the newest first.
    let told: [Told]
  }

  /// Who was asked, for people.
  let source: String
  /// Whether who was asked scales; one that waits for its turn decides nothing.
  let isLeading: Bool
  /// Who leads, if that is known.
  let leader: String?
  /// The scalers, by name.
  let scalers: [ScalerDecisions]
  /// The controller's answer as it came.
  public let json: JSONValue

  /// Reads an answer. What is in it besides is not looked at: the controller may be newer.
  init(_ json: JSONValue, from source: String) throws(ExplainError) {
    self.json = json
    self.source = source
    guard let isLeading = json["leading"]?.bool, let list = json["scalers"]?.array else {
      throw Self.strange(source)
    }
    self.isLeading = isLeading
    leader = json["leader"]?.string
    var scalers: [ScalerDecisions] = []
    for element in list {
      guard let name = element["scaler"]?.string, let decisions = element["decisions"],
        let told = decisions["told"]?.array
      else { throw Self.strange(source) }
      var earlier: [Told] = []
      for entry in told { earlier.append(try Told(entry, from: source)) }
      let newest = decisions["newest"] ?? .null
      scalers.append(
        ScalerDecisions(
          scaler: name, newest: newest == .null ? nil : try Told(newest, from: source), told: earlier))
    }
    self.scalers = scalers
  }

  fileprivate static func strange(_ source: String) -> ExplainError {
    ExplainError(
      .notAController,
      "what \(source) answers is not what this program understands: it is another program, or another version"
    )
  }
}

extension RunningDecisions.Told {
  fileprivate init(_ json: JSONValue, from source: String) throws(ExplainError) {
    guard let age = json["ageSeconds"]?.double, age.magnitude < 1e15, let text = json["text"]?.string,
      let decision = json["decision"], let current = decision["current"]?.int,
      let replicas = decision["replicas"]?.int, let reason = decision["reason"]?.string,
      let summary = decision["summary"]?.string
    else { throw RunningDecisions.strange(source) }
    self.init(
      age: .seconds(age), current: current, replicas: replicas, reason: reason, summary: summary, text: text)
  }
}

extension RunningDecisions {
  /// The decisions for people: one scaler in full, or a line for each of several.
  /// - Parameter isDetailed: Whether to tell each in full.
  public func text(isDetailed: Bool) -> String {
    isDetailed ? scalers.map(detail).joined(separator: "\n\n") : table
  }

  private func detail(_ decisions: ScalerDecisions) -> String {
    guard let newest = decisions.newest else {
      return "\(decisions.scaler): nothing was decided yet (\(source))"
    }
    var lines = ["\(decisions.scaler), decided \(newest.age.spelledOut) ago (\(source))", newest.text]
    // The newest one may be worth telling, too; once is enough.
    let earlier = decisions.told.drop { $0 == newest }
    if !earlier.isEmpty {
      lines.append("before")
      let ages = earlier.map { "\($0.age.spelledOut) ago" }
      let width = ages.map(\.count).max() ?? 0
      for (age, told) in zip(ages, earlier) {
        let padding = String(repeating: " ", count: width - age.count)
        lines.append("  \(padding)\(age)  \(told.reason): \(told.summary)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private var table: String {
    let rows = scalers.map { decisions in
      guard let newest = decisions.newest else {
        return [decisions.scaler, "?", "?", "", "nothing was decided yet"]
      }
      return [
        decisions.scaler, "\(newest.current)", "\(newest.replicas)", "\(newest.age.spelledOut) ago",
        "\(newest.reason): \(newest.summary)",
      ]
    }
    return TextTable(["SCALER", "NOW", "THEN", "DECIDED", "WHY"], rows).text
  }
}
