#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A moment: nanoseconds since 1970-01-01T00:00:00 UTC. Covers the years 1678 to 2262.
///
/// "Not yet" is an absent `Timestamp`, never a special one: on the wire it is year 1, in whatever time zone
/// the server has.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Nanoseconds since 1970-01-01T00:00:00 UTC.
  public var nanoseconds: Int64

  /// A moment by its nanoseconds since 1970-01-01T00:00:00 UTC.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Seconds since 1970-01-01T00:00:00 UTC, rounded down.
  public var seconds: Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Whether one moment is before another.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The moment a duration later. Saturates at the ends of the range.
  public static func + (left: Timestamp, right: Duration) -> Timestamp {
    let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.saturatedNanoseconds)
    return Timestamp(nanoseconds: overflow ? (right < .zero ? .min : .max) : sum)
  }

  /// The time from one moment to another.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    .nanoseconds(left.nanoseconds.subtractingReportingOverflow(right.nanoseconds).partialValue)
  }

  /// The present, from the system's clock, in microseconds: the precision that servers store.
  public static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) / 1000 * 1000)
  }
}

extension Duration {
  fileprivate var saturatedNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    return product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
  }
}

// RFC 3339, without a calendar library: days are counted with the proleptic Gregorian calendar's 400-year
// cycle of 146,097 days, beginning on 1 March so that the leap day is a year's last.
extension Timestamp {
  /// Why a text is not a time.
  public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text as it was found.
    public let text: String
    /// A sentence for people.
    public var description: String { "\"\(text)\" is not an RFC 3339 time" }
  }

  /// Reads an RFC 3339 time with up to nine digits of a second. Year 1 and before read as nil: "not set".
  public static func parse(_ text: String) throws(FormatError) -> Timestamp? {
    var scanner = DigitScanner(text)
    guard
      let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
      let day = scanner.number(2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
      let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
      let second = scanner.number(2), let fraction = scanner.fraction(), let offset = scanner.offset(),
      scanner.isAtEnd, (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
    else { throw FormatError(text: text) }
    if year <= 1 { return nil }
    guard (1678...2261).contains(year) else { throw FormatError(text: text) }
    let days = daysSinceEpoch(year: year, month: month, day: day)
    let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
    return Timestamp(nanoseconds: seconds * 1_000_000_000 + Int64(fraction))
  }

  /// The moment in UTC, with as many digits of a second as it has, as Go writes it.
  public var rfc3339: String {
    let components = components(offset: 0)
    var text = "\(components.date)T\(components.time)"
    let rest = Int(nanoseconds - seconds * 1_000_000_000)
    if rest > 0 {
      var digits = String(rest)
      digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
      while digits.last == "0" { digits.removeLast() }
      text += "." + digits
    }
    return text + "Z"
  }

  /// The moment as `2006-01-02 15:04:05`.
  /// - Parameter offset: Seconds east of UTC.
  public func dateAndTime(offset: Int = 0) -> String {
    let components = components(offset: offset)
    return "\(components.date) \(components.time)"
  }

  private func components(offset: Int) -> (date: String, time: String) {
    let local = Int(seconds) + offset
    let day = local >= 0 ? local / 86_400 : -((-local + 86_399) / 86_400)
    let second = local - day * 86_400
    let (year, month, dayOfMonth) = Self.date(daysSinceEpoch: day)
    return (
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))",
      "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    )
  }

  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

private func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Reads fixed-width digits from a time.
private struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number(_ width: Int) -> Int? {
    guard rest.count >= width else { return nil }
    var value = 0
    for byte in rest.prefix(width) {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    rest = rest.dropFirst(width)
    return value
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Nanoseconds; zero when there is no fraction.
  mutating func fraction() -> Int? {
    guard skip(".") else { return 0 }
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    var value = 0
    for index in 0..<9 {
      let digit = index < digits.count ? digits[digits.index(digits.startIndex, offsetBy: index)] - 0x30 : 0
      value = value * 10 + Int(digit)
    }
    return value
  }

  /// Seconds east of UTC.
  mutating func offset() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let sign = skip("+") ? 1 : skip("-") ? -1 : 0
    guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2) else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
