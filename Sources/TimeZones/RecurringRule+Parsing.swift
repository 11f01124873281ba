extension RecurringRule {
  /// Reads a rule; nil when it is not one.
  init?(_ text: String) {
    var parser = RuleParser(text.utf8[...])
    guard parser.name(), let west = parser.time(hours: 24) else { return nil }
    guard !parser.isAtEnd else {
      self.init(standard: -west, saving: nil)
      return
    }
    guard parser.name() else { return nil }
    let savingWest = parser.isNext(",") ? west - 3_600 : parser.time(hours: 24)
    guard let savingWest, parser.take(","), let begin = parser.moment(), parser.take(","),
      let end = parser.moment(), parser.isAtEnd
    else { return nil }
    self.init(standard: -west, saving: Saving(offset: -savingWest, begin: begin, end: end))
  }
}

/// Reads the parts of a rule, each from where the one before it ended.
private struct RuleParser {
  private var rest: Substring.UTF8View

  init(_ rest: Substring.UTF8View) { self.rest = rest }

  var isAtEnd: Bool { rest.isEmpty }

  func isNext(_ character: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: character) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard isNext(character) else { return false }
    rest.removeFirst()
    return true
  }

  /// A name of letters, or of anything between angle brackets.
  mutating func name() -> Bool {
    if take("<") {
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
      rest = rest[rest.index(after: end)...]
      return true
    }
    let letters = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 }
    rest = rest[letters.endIndex...]
    return letters.count >= 3
  }

  mutating func number(in range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard let value = Int(Substring(digits)), range.contains(value) else { return nil }
    rest = rest[digits.endIndex...]
    return value
  }

  /// `[+-]hh[:mm[:ss]]`, in seconds.
  mutating func time(hours limit: Int) -> Int? {
    let sign = take("-") ? -1 : 1
    if sign == 1 { _ = take("+") }
    guard let hours = number(in: 0...limit) else { return nil }
    var seconds = hours * 3_600
    for unit in [60, 1] where take(":") {
      guard let value = number(in: 0...59) else { return nil }
      seconds += value * unit
    }
    return sign * seconds
  }

  mutating func moment() -> RecurringRule.Moment? {
    let day: RecurringRule.Moment.Day
    if take("M") {
      guard let month = number(in: 1...12), take("."), let week = number(in: 1...5), take("."),
        let weekday = number(in: 0...6)
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if take("J") {
      guard let count = number(in: 1...365) else { return nil }
      day = .julian(count)
    } else {
      guard let count = number(in: 0...365) else { return nil }
      day = .zeroBased(count)
    }
    guard take("/") else { return RecurringRule.Moment(day: day, second: 7_200) }
    return time(hours: 167).map { RecurringRule.Moment(day: day, second: $0) }
  }
}
