internal import TimeZones

/// Bounds that hold at certain times: from each moment of one cron schedule to the next moment of another one.
///
/// Both have five fields: minute, hour, day of the month, month and day of the week, with names, lists, ranges
/// and steps. A moment that clocks jump over comes when they jump, one that they show twice comes the first time
/// only. Where an end and a beginning fall together the bounds go on.
public struct ScalingSchedule: Sendable, Hashable {
  /// When the bounds begin to hold.
  public let from: String
  /// When they end.
  public let to: String
  /// The name of the time zone in which both are meant.
  public let timeZone: String
  /// The zone's file, which its rules were read from; nil where the zone is `UTC` without one.
  public let zoneFile: [UInt8]?
  /// The fewest replicas meanwhile; nil leaves it as it is.
  public let min: Int?
  /// The most replicas meanwhile; nil leaves it as it is.
  public let max: Int?
  private let begins: CronSchedule
  private let ends: CronSchedule
  private let zone: TimeZoneRules

  /// Creates a schedule; ``min`` and ``max`` are checked by the ``ScalingPolicy`` that takes it.
  ///
  /// - Parameter zoneFile: The zone's file in the system's time zone database; nil only for `UTC`.
  public init(
    from: String, to: String, timeZone: String = "UTC", zoneFile: [UInt8]? = nil, min: Int? = nil,
    max: Int? = nil
  ) throws(ScalingScheduleError) {
    begins = try Self.cron(from, .from)
    ends = try Self.cron(to, .to)
    self.from = begins.text
    self.to = ends.text
    self.timeZone = timeZone
    self.zoneFile = zoneFile
    self.min = min
    self.max = max
    guard let zoneFile else {
      guard timeZone == "UTC" else {
        throw ScalingScheduleError(part: .timeZone, message: "is unknown without its file")
      }
      zone = .utc
      return
    }
    do throws(TimeZoneError) {
      zone = try TimeZoneRules(reading: zoneFile)
    } catch {
      throw ScalingScheduleError(part: .timeZone, message: "\(error)")
    }
  }

  private static func cron(
    _ text: String, _ part: ScalingScheduleError.Part
  ) throws(ScalingScheduleError) -> CronSchedule {
    do throws(CronSchedule.ParsingError) {
      return try CronSchedule(text)
    } catch {
      throw ScalingScheduleError(part: part, message: error.description)
    }
  }

  /// Whether the bounds hold at a moment, given as the time since the beginning of 1970, UTC.
  public func isActive(at wallTime: Duration) -> Bool { isActive(at: wallTime.wholeSeconds) }

  private func isActive(at seconds: Int) -> Bool {
    guard let begin = begins.last(notAfter: seconds, in: zone) else { return false }
    guard let end = ends.last(notAfter: seconds, in: zone) else { return true }
    return begin >= end
  }

  /// When the bounds that hold at a moment end, both since the beginning of 1970; nil when they go on for as
  /// far as was looked.
  func end(after wallTime: Duration) -> Duration? {
    var seconds = wallTime.wholeSeconds
    for _ in 0..<400 {
      guard let end = ends.first(after: seconds, in: zone) else { return nil }
      if !isActive(at: end) { return .seconds(end) }
      seconds = end
    }
    return nil
  }
}

extension Duration {
  /// The seconds, rounded down.
  fileprivate var wholeSeconds: Int {
    Int(components.seconds) - (components.attoseconds < 0 ? 1 : 0)
  }
}
