package import Autoscaling
package import JSON

extension ExplanationRecord {
  /// The explanation for machines. Times are in seconds, and relative to the decision.
  package var json: JSONValue {
    .object([
      ("direction", .string(direction.rawValue)), ("current", .integer(current)),
      ("replicas", .integer(replicas)), ("reason", .string(reason.rawValue)), ("summary", .string(summary)),
      ("queue", queue?.json ?? .null), ("unknown", unknown?.json ?? .null),
      ("formulas", .array(formulas.map(\.json))), ("limits", .array(limits.map(\.json))),
      ("outlook", .array(outlook.map(\.json))), ("policy", policy.json), ("pausedBy", .optional(pausedBy)),
    ])
  }
}

extension ExplanationRecord.Queue {
  fileprivate var json: JSONValue {
    .object([
      ("source", .string(source)), ("waiting", .integer(waiting)), ("running", .integer(running)),
      ("finished", .optional(finished)), ("exactness", .string(exactness)),
      ("ageSeconds", .double(ageSeconds)),
    ])
  }
}

extension ExplanationRecord.Unknown {
  fileprivate var json: JSONValue {
    .object([
      ("cause", .string(cause)), ("message", .string(message)), ("polls", .integer(polls)),
      ("forSeconds", .optional(forSeconds)), ("lastKnownSecondsAgo", .optional(lastKnownSecondsAgo)),
    ])
  }
}

extension ExplanationRecord.Limit {
  fileprivate var json: JSONValue {
    .object([
      ("code", .string(code)), ("text", .string(text)), ("endsInSeconds", .optional(endsInSeconds)),
    ])
  }
}

extension ExplanationRecord.Change {
  fileprivate var json: JSONValue {
    .object([("code", .string(code)), ("text", .string(text)), ("replicas", .optional(replicas))])
  }
}

extension ExplanationRecord.Policy {
  fileprivate var json: JSONValue {
    .object([
      ("processesPerReplica", .integer(processesPerReplica)), ("min", .integer(min)), ("max", .integer(max)),
      ("idleForSeconds", .double(idleForSeconds)), ("stalenessLimitSeconds", .double(stalenessLimitSeconds)),
    ])
  }
}

extension ScalingFormula {
  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)), ("rule", .string(rule)), ("numbers", .string(numbers)),
      ("result", .integer(result)), ("source", .optional(source)),
    ])
  }
}
