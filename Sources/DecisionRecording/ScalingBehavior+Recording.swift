internal import Autoscaling
internal import JSON

extension ScalingBehavior {
  var recorded: JSONValue {
    .object([
      ("tolerance", .double(tolerance)),
      ("stabilizationWindow", stabilizationWindow.map { .exact($0) } ?? .null),
      ("policies", .array(policies.map(\.recorded))), ("select", .string(select.rawValue)),
    ])
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      ScalingBehavior(
        tolerance: try fields.take("tolerance").fraction(),
        stabilizationWindow: try fields.optional("stabilizationWindow")?.duration(),
        policies: try fields.take("policies").list(ScalingRate.init(recorded:)),
        select: try fields.take("select").name(Select.self))
    }
  }
}

extension ScalingRate {
  fileprivate var recorded: JSONValue {
    .object([
      ("type", .string(type.rawValue)), ("value", .integer(self.value)), ("period", .exact(period)),
    ])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      ScalingRate(
        try fields.take("type").name(Kind.self), try fields.take("value").integer(),
        period: try fields.take("period").duration())
    }
  }
}
