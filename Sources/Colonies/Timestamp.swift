internal import CivilCalendar

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
    let days = CivilTime.day(year: year, month: month, day: day)
    let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
    return Timestamp(nanoseconds: seconds * 1_000_000_000 + Int64(fraction))
  }

  /// The moment in UTC, with as many digits of a second as it has, as Go writes it.
  public var rfc3339: String {
    let time = CivilTime(seconds: Int(seconds))
    var text = "\(time.dateText)T\(time.timeText)"
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
    let time = CivilTime(seconds: Int(seconds) + offset)
    return "\(time.dateText) \(time.timeText)"
  }
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
