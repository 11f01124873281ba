/// A date and a time of day in the proleptic Gregorian calendar, in no particular time zone.
///
/// Days are counted with the calendar's cycle of 400 years, which have 146,097 days.
package struct CivilTime: Sendable, Hashable {
  /// Days since 1970-01-01.
  package let day: Int
  /// Seconds since midnight, 0 to 86,399.
  package let second: Int

  /// Creates the time that so many seconds after the beginning of 1970 are, with every day of 86,400 of them.
  package init(seconds: Int) {
    day = seconds >= 0 ? seconds / 86_400 : (seconds + 1) / 86_400 - 1
    second = seconds - day * 86_400
  }

  package init(day: Int, second: Int) {
    self.day = day
    self.second = second
  }

  /// The seconds since the beginning of 1970, with every day of 86,400 of them.
  package var seconds: Int { day * 86_400 + second }

  /// The year, the month (1 to 12) and the day of the month (1 to 31).
  package var date: (year: Int, month: Int, day: Int) {
    // Years begin in March here, so that the day that some have more is their last.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  /// The date as `2006-01-02`.
  package var dateText: String {
    let (year, month, day) = date
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
  }

  /// The time of day as `15:04:05`.
  package var timeText: String {
    "\(Self.padded(second / 3_600, 2)):\(Self.padded(second / 60 % 60, 2)):\(Self.padded(second % 60, 2))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// The day of the week, 0 on Sundays.
  package var weekday: Int { ((day + 4) % 7 + 7) % 7 }

  /// The number of a date's day; `month` and `day` must be those of a calendar.
  package static func day(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Whether a year has a 29 February.
  package static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }
}
