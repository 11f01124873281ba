internal import Glibc

/// A moment by the calendar, to the microsecond, as the API writes it.
public struct KubernetesTime: Sendable, Hashable, Comparable {
  /// Microseconds since 1970-01-01T00:00:00 UTC.
  public var microseconds: Int64

  /// Creates a moment from microseconds since 1970-01-01T00:00:00 UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The present, from the system's clock.
  public static func now() -> KubernetesTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return KubernetesTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  /// Orders moments as they come.
  public static func < (left: KubernetesTime, right: KubernetesTime) -> Bool {
    left.microseconds < right.microseconds
  }

  /// The moment a duration later.
  public static func + (left: KubernetesTime, right: Duration) -> KubernetesTime {
    let (seconds, attoseconds) = right.components
    return KubernetesTime(
      microseconds: left.microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}

// RFC 3339 without a calendar library: days are counted with the proleptic Gregorian calendar's cycle of 400
// years, which begin on 1 March so that the leap day is a year's last.
extension KubernetesTime {
  /// Reads an RFC 3339 time; digits behind the sixth of a second are dropped. Returns nil for anything else.
  public init?(_ text: String) {
    var rest = text.utf8[...]
    guard let year = rest.takeNumber(4), rest.take("-"), let month = rest.takeNumber(2), rest.take("-"),
      let day = rest.takeNumber(2), rest.take("T") || rest.take("t"), let hour = rest.takeNumber(2),
      rest.take(":"), let minute = rest.takeNumber(2), rest.take(":"), let second = rest.takeNumber(2),
      let fraction = rest.takeMicroseconds(), let offset = rest.takeOffset(), rest.isEmpty,
      1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second < 61
    else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    microseconds = Int64(seconds) * 1_000_000 + Int64(fraction)
  }

  /// The moment in UTC in whole seconds, as in `creationTimestamp`.
  public var seconds: String { "\(date)Z" }

  /// The moment in UTC with exactly six digits of a second: the API refuses a `MicroTime` with any other number.
  public var micro: String {
    let fraction = String(microseconds.remainder(1_000_000))
    return "\(date).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)Z"
  }

  private var date: String {
    let total = microseconds.quotient(1_000_000)
    let (year, month, day) = Self.civil(days: Int(total.quotient(86_400)))
    let second = Int(total.remainder(86_400))
    let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }
    return
      "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T\(time.joined(separator: ":"))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    return (
      yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}

extension KubernetesTime: CustomStringConvertible {
  public var description: String { micro }
}

extension Int64 {
  /// Division that rounds down, so that moments before 1970 work too.
  fileprivate func quotient(_ divisor: Int64) -> Int64 {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }

  fileprivate func remainder(_ divisor: Int64) -> Int64 { self - quotient(divisor) * divisor }
}

extension Substring.UTF8View {
  fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard first == UInt8(ascii: character) else { return false }
    removeFirst()
    return true
  }

  fileprivate mutating func takeDigit() -> Int? {
    guard let digit = first, 0x30...0x39 ~= digit else { return nil }
    removeFirst()
    return Int(digit) - 0x30
  }

  fileprivate mutating func takeNumber(_ digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = takeDigit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  fileprivate mutating func takeMicroseconds() -> Int? {
    guard take(".") else { return 0 }
    guard var value = takeDigit() else { return nil }
    var digits = 1
    while let digit = takeDigit() {
      if digits < 6 { value = value * 10 + digit }
      digits += 1
    }
    while digits < 6 {
      value *= 10
      digits += 1
    }
    return value
  }

  /// Seconds east of Greenwich.
  fileprivate mutating func takeOffset() -> Int? {
    if take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = takeNumber(2), take(":"), let minutes = takeNumber(2) else {
      return nil
    }
    return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }
}
