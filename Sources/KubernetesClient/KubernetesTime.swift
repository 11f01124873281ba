internal import CivilCalendar
internal import Timekeeping

/// A moment by the calendar, to the microsecond, as the API writes it.
public struct KubernetesTime: Sendable, Hashable, Comparable {
  /// Microseconds since 1970-01-01T00:00:00 UTC.
  public var microseconds: Int64

  /// Creates a moment from microseconds since 1970-01-01T00:00:00 UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The present, from the system's clock.
  public static func now() -> KubernetesTime {
    KubernetesTime(microseconds: 0) + WallClock.now()
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
    let days = CivilTime.day(year: year, month: month, day: day)
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
    let time = CivilTime(seconds: Int(microseconds.quotient(1_000_000)))
    return "\(time.dateText)T\(time.timeText)"
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
