internal import Autoscaling
internal import JSON

extension QueueObservation {
  private enum Name: String, CaseIterable {
    case pending, reading, failure
  }

  var recorded: JSONValue {
    switch self {
    case .pending: .string(Name.pending.rawValue)
    case .reading(let reading): .choice(Name.reading.rawValue, reading.recorded)
    case .failure(let failure): .choice(Name.failure.rawValue, failure.recorded)
    }
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    if value.json == .string(Name.pending.rawValue) {
      self = .pending
      return
    }
    let (name, content) = try value.choice()
    switch Name(rawValue: name) {
    case .reading: self = .reading(try QueueReading(recorded: content))
    case .failure: self = .failure(try QueueFailure(recorded: content))
    case .pending, nil: throw value.mismatch("\"pending\", a reading or a failure")
    }
  }
}

extension QueueReading {
  fileprivate var recorded: JSONValue {
    .object([
      ("waiting", .integer(waiting)), ("running", .integer(running)), ("finished", .optional(finished)),
      ("isFinishedShared", .bool(isFinishedShared)), ("observedAt", .exact(observedAt)),
      ("source", source.recorded),
      ("exactness", .string(exactness.rawValue)),
    ])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      let waiting = try fields.take("waiting").integer()
      let running = try fields.take("running").integer()
      let finished = try fields.optional("finished")?.integer()
      let isFinishedShared = try fields.take("isFinishedShared").bool()
      let observedAt = try fields.take("observedAt").instant()
      let source = try QueueSource(recorded: try fields.take("source"))
      let exactness = try fields.take("exactness").name(Exactness.self)
      do throws(QueueReadingError) {
        return try QueueReading(
          waiting: waiting, running: running, finished: finished, isFinishedShared: isFinishedShared,
          observedAt: observedAt, source: source, exactness: exactness)
      } catch {
        throw RecordingError(field: value.path, "\(error)")
      }
    }
  }
}

extension QueueSource {
  fileprivate var recorded: JSONValue {
    .object([
      ("name", .string(name)), ("colony", .string(colony)), ("serverGeneration", .optional(serverGeneration)),
    ])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      QueueSource(
        name: try fields.take("name").string(), colony: try fields.take("colony").string(),
        serverGeneration: try fields.optional("serverGeneration")?.string())
    }
  }
}

extension QueueFailure {
  fileprivate var recorded: JSONValue {
    .object([("failedAt", .exact(failedAt)), ("message", .string(message))])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      QueueFailure(
        failedAt: try fields.take("failedAt").instant(), message: try fields.take("message").string())
    }
  }
}
