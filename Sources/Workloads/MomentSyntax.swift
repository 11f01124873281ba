internal import CivilCalendar

/// How moments are written in workloads: seconds such as `12.5`, or dates such as `2023-11-16 18:17:03.979` and
/// `2023-11-16T18:17:03.979Z`, which are taken as UTC.
enum MomentSyntax {
  /// What to say that was expected.
  static let expected = "seconds like 12.5, or a time like 2026-11-25 08:00:00"
  /// The largest number of seconds: later than the year 9999.
  private static let latest = 300_000_000_000

  /// The time since zero or since the beginning of 1970; nil when a text is neither.
  static func moment(_ text: String) -> Duration? { seconds(text) ?? date(text) }

  /// A number of seconds, exact to the nanosecond; nil when it is none, or is larger than any date.
  static func seconds(_ text: String) -> Duration? {
    guard decimal(text) != nil else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let whole = Int(parts[0]), whole <= latest else { return nil }
    return .seconds(whole) + (parts.count > 1 ? fraction(parts[1]) : .zero)
  }

  /// A number without sign and exponent.
  static func decimal(_ text: String) -> Double? {
    guard text.utf8.first?.isDigit == true, text.utf8.last?.isDigit == true,
      text.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") })
    else { return nil }
    return Double(text)
  }

  /// The digits behind a point, as a part of a second; those behind the ninth are left out.
  private static func fraction(_ digits: Substring) -> Duration {
    let nine = digits.prefix(9) + String(repeating: "0", count: max(0, 9 - digits.utf8.count))
    return .nanoseconds(Int64(nine) ?? 0)
  }

  private static func date(_ text: String) -> Duration? {
    let text = text.hasSuffix("Z") ? text.dropLast() : text[...]
    let parts = text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
    guard parts.count == 2 else { return nil }
    let date = numbers(parts[0], separator: "-", widths: [4, 2, 2])
    let clock = parts[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let time = numbers(clock[0], separator: ":", widths: [2, 2, 2])
    guard let date, let time, (1...12).contains(date[1]), (1...31).contains(date[2]), time[0] < 24,
      time[1] < 60,
      time[2] < 60
    else { return nil }
    guard clock.count == 1 || !clock[1].isEmpty && clock[1].utf8.allSatisfy(\.isDigit) else { return nil }
    let seconds = CivilTime(
      day: CivilTime.day(year: date[0], month: date[1], day: date[2]),
      second: (time[0] * 60 + time[1]) * 60 + time[2]
    ).seconds
    return .seconds(seconds) + (clock.count > 1 ? fraction(clock[1]) : .zero)
  }

  private static func numbers(_ text: Substring, separator: Character, widths: [Int]) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == widths.count else { return nil }
    var numbers: [Int] = []
    for (part, width) in zip(parts, widths) {
      guard part.utf8.count == width, part.utf8.allSatisfy(\.isDigit), let number = Int(part) else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
