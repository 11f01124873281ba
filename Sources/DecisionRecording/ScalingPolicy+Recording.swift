internal import Autoscaling
internal import JSON

extension ScalingPolicy {
  var recorded: JSONValue {
    .object([
      ("processesPerReplica", .integer(processesPerReplica)), ("combine", .string(combine.rawValue)),
      ("min", .integer(min)), ("max", .integer(max)),
      ("schedules", .array(schedules.map(\.recorded))), ("objectives", objectives.recorded),
      ("pollInterval", .exact(pollInterval)),
      ("scaleUp", scaleUp.recorded), ("scaleDown", scaleDown.recorded),
      ("maxChangesPerHour", .optional(maxChangesPerHour)), ("stalenessLimit", .exact(stalenessLimit)),
      ("fallback", fallback?.recorded ?? .null),
    ])
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      let processesPerReplica = try fields.take("processesPerReplica").integer()
      let combine = try fields.take("combine").name(QueueCombination.self)
      let min = try fields.take("min").integer()
      let max = try fields.take("max").integer()
      let schedules = try fields.take("schedules").list(ScalingSchedule.init(recorded:))
      let objectives = try ScalingObjectives(recorded: try fields.take("objectives"))
      let pollInterval = try fields.take("pollInterval").duration()
      let scaleUp = try ScalingBehavior(recorded: try fields.take("scaleUp"))
      let scaleDown = try fields.take("scaleDown").scaleDown()
      let maxChangesPerHour = try fields.optional("maxChangesPerHour")?.integer()
      let stalenessLimit = try fields.take("stalenessLimit").duration()
      let fallback = try fields.optional("fallback").map { value throws(RecordingError) in
        try FallbackPolicy(recorded: value)
      }
      do throws(ScalingPolicyError) {
        return try ScalingPolicy(
          processesPerReplica: processesPerReplica, combine: combine, min: min, max: max,
          schedules: schedules,
          objectives: objectives, pollInterval: pollInterval, scaleUp: scaleUp, idleFor: scaleDown.idleFor,
          scaleDown: scaleDown.behavior, maxChangesPerHour: maxChangesPerHour, stalenessLimit: stalenessLimit,
          fallback: fallback)
      } catch {
        throw RecordingError(field: value.path, "\(error)")
      }
    }
  }
}

extension ScalingObjectives {
  fileprivate var recorded: JSONValue {
    .object([
      ("drainWithin", drainWithin.map { .exact($0) } ?? .null),
      ("startWithin", startWithin.map { .exact($0) } ?? .null), ("concurrency", .integer(concurrency)),
    ])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      ScalingObjectives(
        drainWithin: try fields.optional("drainWithin")?.duration(),
        startWithin: try fields.optional("startWithin")?.duration(),
        concurrency: try fields.take("concurrency").integer())
    }
  }
}

extension ScaleDownPolicy {
  fileprivate var recorded: JSONValue {
    .object([("idleFor", .exact(idleFor)), ("behavior", behavior.recorded)])
  }
}

extension RecordedValue {
  /// The parts that a policy makes its ``ScaleDownPolicy`` of.
  fileprivate func scaleDown() throws(RecordingError) -> (idleFor: Duration, behavior: ScalingBehavior) {
    try object { fields throws(RecordingError) in
      (
        idleFor: try fields.take("idleFor").duration(),
        behavior: try ScalingBehavior(recorded: try fields.take("behavior"))
      )
    }
  }
}

extension FallbackPolicy {
  fileprivate var recorded: JSONValue {
    .object([
      ("afterFailures", .integer(afterFailures)), ("replicas", .integer(replicas)),
      ("allowLowering", .bool(allowLowering)),
    ])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      FallbackPolicy(
        afterFailures: try fields.take("afterFailures").integer(),
        replicas: try fields.take("replicas").integer(),
        allowLowering: try fields.take("allowLowering").bool())
    }
  }
}
