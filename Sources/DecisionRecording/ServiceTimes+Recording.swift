internal import Autoscaling
internal import JSON

extension ServiceTimesObservation {
  private enum Name: String, CaseIterable {
    case pending, known, failed
  }

  var recorded: JSONValue {
    switch self {
    case .pending: .string(Name.pending.rawValue)
    case .known(let times): .choice(Name.known.rawValue, times.recorded)
    case .failed(let reason): .choice(Name.failed.rawValue, .string(reason))
    }
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    if value.json == .string(Name.pending.rawValue) {
      self = .pending
      return
    }
    let (name, content) = try value.choice()
    switch Name(rawValue: name) {
    case .known: self = .known(try ServiceTimes(recorded: content))
    case .failed: self = .failed(try content.string())
    case .pending, nil: throw value.mismatch("\"pending\", known service times or a failure")
    }
  }
}

extension ServiceTimes {
  fileprivate var recorded: JSONValue {
    .object([("count", .integer(count)), ("mean", .exact(mean)), ("observedAt", .exact(observedAt))])
  }

  fileprivate init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      ServiceTimes(
        count: try fields.take("count").integer(), mean: try fields.take("mean").duration(),
        observedAt: try fields.take("observedAt").instant())
    }
  }
}
