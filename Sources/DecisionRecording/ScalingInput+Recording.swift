internal import Autoscaling
internal import JSON

extension ScalingInput {
  var recorded: JSONValue {
    .object([
      ("observation", observation.recorded),
      ("otherObservations", .array(otherObservations.map(\.recorded))),
      ("currentReplicas", .integer(currentReplicas)),
      ("readyReplicas", .optional(readyReplicas)), ("serviceTimes", serviceTimes.recorded),
      ("capacityShortage", capacityShortage?.recorded ?? .null),
      ("pause", pause?.recorded ?? .null), ("wallTime", wallTime.map { .exact($0) } ?? .null),
    ])
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      ScalingInput(
        observation: try QueueObservation(recorded: try fields.take("observation")),
        otherObservations: try fields.take("otherObservations").list(QueueObservation.init(recorded:)),
        currentReplicas: try fields.take("currentReplicas").integer(),
        readyReplicas: try fields.optional("readyReplicas")?.integer(),
        serviceTimes: try ServiceTimesObservation(recorded: try fields.take("serviceTimes")),
        capacityShortage: try fields.optional("capacityShortage").map { value throws(RecordingError) in
          try CapacityShortage(recorded: value)
        },
        pause: try fields.optional("pause").map { value throws(RecordingError) in
          try ScalingPause(recorded: value)
        },
        wallTime: try fields.optional("wallTime")?.duration())
    }
  }
}

extension ScalingPause {
  fileprivate var recorded: JSONValue {
    .object([("kind", .string(kind.rawValue)), ("cause", .string(cause))])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      ScalingPause(
        try fields.take("kind").name(Kind.self), cause: try fields.take("cause").string())
    }
  }
}
