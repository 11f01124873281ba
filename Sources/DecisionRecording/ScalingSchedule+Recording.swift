internal import Autoscaling
internal import Base64
internal import JSON

extension ScalingSchedule {
  var recorded: JSONValue {
    .object([
      ("from", .string(from)), ("to", .string(to)), ("timeZone", .string(timeZone)),
      // The zone's rules themselves: another machine's may differ, and they change.
      ("zoneFile", zoneFile.map { .string(Base64.encode($0)) } ?? .null), ("min", .optional(min)),
      ("max", .optional(max)),
    ])
  }

  init(recorded value: RecordedValue) throws(RecordingError) {
    self = try value.object { fields throws(RecordingError) in
      let from = try fields.take("from").string()
      let to = try fields.take("to").string()
      let timeZone = try fields.take("timeZone").string()
      let zoneFile = try fields.optional("zoneFile")?.bytes()
      let min = try fields.optional("min")?.integer()
      let max = try fields.optional("max")?.integer()
      do throws(ScalingScheduleError) {
        return try ScalingSchedule(
          from: from, to: to, timeZone: timeZone, zoneFile: zoneFile, min: min, max: max)
      } catch {
        throw RecordingError(field: value.path, "\(error)")
      }
    }
  }
}
