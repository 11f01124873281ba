internal import CivilCalendar

/// A rule by which clocks change each year, or never, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct RecurringRule: Sendable, Hashable {
  /// A day of every year, and the time of day by the clock before the change.
  struct Moment: Sendable, Hashable {
    enum Day: Sendable, Hashable {
      /// 1 to 365, never counting a 29 February.
      case julian(Int)
      /// 0 to 365, counting it.
      case zeroBased(Int)
      /// The month, which week of it (5 is the last), and the day of that week, 0 on Sundays.
      case weekday(month: Int, week: Int, day: Int)
    }

    let day: Day
    /// Seconds after midnight; also negative, or more than a day.
    let second: Int

    /// Seconds from the beginning of 1970 by the clock before the change.
    func seconds(in year: Int) -> Int {
      let newYear = CivilTime.day(year: year, month: 1, day: 1)
      let number: Int
      switch day {
      case .julian(let count): number = newYear + count - (CivilTime.isLeap(year) && count >= 60 ? 0 : 1)
      case .zeroBased(let count): number = newYear + count
      case .weekday(let month, let week, let weekday):
        let first = CivilTime.day(year: year, month: month, day: 1)
        let next =
          month == 12
          ? newYear + (CivilTime.isLeap(year) ? 366 : 365)
          : CivilTime.day(year: year, month: month + 1, day: 1)
        let begin = (weekday - CivilTime(day: first, second: 0).weekday + 7) % 7
        let wanted = first + begin + (week - 1) * 7
        number = wanted < next ? wanted : wanted - 7
      }
      return number * 86_400 + second
    }
  }

  /// The part of a year in which clocks show another time.
  struct Saving: Sendable, Hashable {
    /// Seconds east of UTC.
    let offset: Int
    let begin: Moment
    let end: Moment
  }

  /// Seconds east of UTC in standard time.
  let standard: Int
  /// Daylight saving time; nil when there is none.
  let saving: Saving?

  func offset(at seconds: Int) -> Int {
    guard let saving else { return standard }
    let year = CivilTime(seconds: seconds + standard).date.year
    let begin = saving.begin.seconds(in: year) - standard
    let end = saving.end.seconds(in: year) - saving.offset
    let isSaving = begin < end ? seconds >= begin && seconds < end : seconds < end || seconds >= begin
    return isSaving ? saving.offset : standard
  }
}
