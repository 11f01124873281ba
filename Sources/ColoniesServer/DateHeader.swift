internal import CivilCalendar
internal import Colonies
internal import Locking

/// The text of a response's `Date`, which is made once a second.
final class DateHeader: Sendable {
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private let latest = Locked<(second: Int64, text: String)?>(nil)

  /// A moment as HTTP writes it: `Mon, 02 Jan 2006 15:04:05 GMT`.
  func text(at moment: Timestamp) -> String {
    let second = moment.seconds
    return latest.withLock { latest in
      if let latest, latest.second == second { return latest.text }
      let text = Self.text(CivilTime(seconds: Int(second)))
      latest = (second, text)
      return text
    }
  }

  private static func text(_ time: CivilTime) -> String {
    let (year, month, day) = time.date
    let days = day < 10 ? "0\(day)" : "\(day)"
    return "\(weekdays[time.weekday]), \(days) \(months[month - 1]) \(year) \(time.timeText) GMT"
  }
}
