internal import Colonies
internal import Glibc

/// How moments are shown.
struct DisplayZone: Sendable {
  /// Seconds east of UTC at a moment.
  private let offset: @Sendable (Timestamp) -> Int

  init(offset: @escaping @Sendable (Timestamp) -> Int) { self.offset = offset }

  static let utc = DisplayZone { _ in 0 }

  /// The user's zone: the variable `TZ`, or the system's.
  static let local = DisplayZone { moment in
    var seconds = time_t(moment.seconds)
    var components = tm()
    // Unlike localtime, localtime_r may go without reading TZ.
    tzset()
    guard localtime_r(&seconds, &components) != nil else { return 0 }
    return components.tm_gmtoff
  }

  /// A moment as `2006-01-02 15:04:05`; one that has not come is in the year 1, in every zone.
  func text(_ moment: Timestamp?) -> String {
    guard let moment else { return "0001-01-01 00:00:00" }
    return moment.dateAndTime(offset: offset(moment))
  }
}
