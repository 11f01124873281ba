internal import CivilCalendar

/// Moments that come again and again, as five fields of cron: minute, hour, day of the month, month and day of
/// the week.
///
/// As in cron, a day that matches either of the two day fields is meant when both are restricted, and 0 and 7
/// are Sunday. A moment that the clock jumps over comes when it jumps; one that it shows twice comes the first
/// time only, which is what cron does with times that are fixed.
package struct CronSchedule: Sendable, Hashable {
  /// The five fields as they were written.
  package let text: String
  /// The members of each field, as bits.
  let minutes: UInt64
  let hours: UInt64
  let days: UInt64
  let months: UInt64
  let weekdays: UInt64
  /// Whether a day must match both day fields, as one of them begins with `*`.
  let needsBothDays: Bool

  /// The days of eight years and a leap year's rest, in which every day of a calendar is.
  private static let longestPause = 366 * 9

  /// The last moment that is not after another; nil when there is none. Seconds since the beginning of 1970.
  package func last(notAfter seconds: Int, in zone: TimeZoneRules) -> Int? {
    // A moment that was jumped over comes on the day it is of, or the next.
    let today = zone.civilTime(at: seconds).day
    for day in stride(from: today + 1, through: today - Self.longestPause, by: -1) where matches(day) {
      for hour in stride(from: 23, through: 0, by: -1) where hours & 1 << UInt64(hour) != 0 {
        guard moment(day, hour, 0, zone) <= seconds else { continue }
        for minute in stride(from: 59, through: 0, by: -1) where minutes & 1 << UInt64(minute) != 0 {
          let moment = moment(day, hour, minute, zone)
          if moment <= seconds { return moment }
        }
      }
    }
    return nil
  }

  /// The first moment after another; nil when there is none. Seconds since the beginning of 1970.
  package func first(after seconds: Int, in zone: TimeZoneRules) -> Int? {
    let today = zone.civilTime(at: seconds).day
    for day in today - 1...today + Self.longestPause where matches(day) {
      for hour in 0..<24 where hours & 1 << UInt64(hour) != 0 {
        guard moment(day, hour, 59, zone) > seconds else { continue }
        for minute in 0..<60 where minutes & 1 << UInt64(minute) != 0 {
          let moment = moment(day, hour, minute, zone)
          if moment > seconds { return moment }
        }
      }
    }
    return nil
  }

  private func matches(_ day: Int) -> Bool {
    let time = CivilTime(day: day, second: 0)
    let date = time.date
    guard months & 1 << UInt64(date.month) != 0 else { return false }
    let isDay = days & 1 << UInt64(date.day) != 0
    let isWeekday = weekdays & 1 << UInt64(time.weekday) != 0
    return needsBothDays ? isDay && isWeekday : isDay || isWeekday
  }

  private func moment(_ day: Int, _ hour: Int, _ minute: Int, _ zone: TimeZoneRules) -> Int {
    zone.seconds(at: CivilTime(day: day, second: hour * 3_600 + minute * 60))
  }
}
