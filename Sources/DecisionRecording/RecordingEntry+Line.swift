internal import Autoscaling
internal import JSON

extension RecordingEntry {
  private enum Kind: String, CaseIterable {
    case start, rules, decision, limitReached
  }

  /// The longest line that is read.
  package static let longestLine = 1 << 20

  /// The entry as a line of JSON, with its end.
  package var line: [UInt8] { json.encoded() + [UInt8(ascii: "\n")] }

  private var json: JSONValue {
    func entry(_ kind: Kind, _ members: [(String, JSONValue)]) -> JSONValue {
      .object([("entry", .string(kind.rawValue))] + members)
    }
    switch self {
    case .start(let start):
      return entry(
        .start,
        [
          ("format", .integer(RecordingStart.format)), ("program", .string(start.program)),
          ("wallTime", .exact(start.wallTime)),
        ])
    case .rules(let rules):
      return entry(
        .rules,
        [
          ("scaler", .string(rules.scaler)), ("state", .string(rules.state.rawValue)),
          ("policy", rules.policy.recorded),
        ])
    case .decision(let decision):
      return entry(
        .decision,
        [
          ("scaler", .string(decision.scaler)), ("at", .exact(decision.at)),
          ("input", decision.input.recorded), ("decision", decision.decision),
        ])
    case .limitReached(let limit): return entry(.limitReached, [("limit", .integer(limit))])
    }
  }

  /// Reads a line without its end.
  package init(line: some Collection<UInt8>) throws(RecordingError) {
    let json: JSONValue
    do throws(JSONSyntaxError) {
      json = try JSONValue(parsing: line)
    } catch {
      throw RecordingError(field: "", "is no JSON: \(error) at byte \(error.offset)")
    }
    self = try RecordedValue(json: json, path: "").object { fields throws(RecordingError) in
      switch try fields.take("entry").name(Kind.self) {
      case .start: .start(try RecordingStart(recorded: &fields))
      case .rules:
        .rules(
          RecordedRules(
            scaler: try fields.take("scaler").string(),
            state: try fields.take("state").name(RecordedRules.State.self),
            policy: try ScalingPolicy(recorded: try fields.take("policy"))))
      case .decision:
        .decision(
          RecordedDecision(
            scaler: try fields.take("scaler").string(), at: try fields.take("at").instant(),
            input: try ScalingInput(recorded: try fields.take("input")),
            decision: try fields.take("decision").json))
      case .limitReached: .limitReached(try fields.take("limit").integer())
      }
    }
  }
}

extension RecordingStart {
  fileprivate init(recorded fields: inout RecordedFields) throws(RecordingError) {
    let format = try fields.take("format")
    let program = try fields.take("program").string()
    guard try format.integer() == Self.format else {
      throw RecordingError(
        field: format.path,
        "is \(format.json), written by \(program); this program reads format \(Self.format)")
    }
    self.init(program: program, wallTime: try fields.take("wallTime").duration())
  }
}
