internal import Autoscaling
internal import JSON

extension CapacityShortage {
  var recorded: JSONValue {
    .object([("kind", .string(kind.rawValue)), ("cause", .string(cause))])
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      CapacityShortage(
        try fields.take("kind").name(Kind.self), cause: try fields.take("cause").string())
    }
  }
}
