extension CronSchedule {
  /// Why a text is no schedule.
  package struct ParsingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What must be different, for people.
    package let description: String
  }

  private struct Field {
    let name: String
    let range: ClosedRange<Int>
    var names: [String] = []
  }

  private static let fields = [
    Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
    Field(name: "day of the month", range: 1...31),
    Field(
      name: "month", range: 1...12,
      names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    Field(name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]

  /// Reads five fields: `*`, numbers, names, ranges and steps, in lists.
  package init(_ text: String) throws(ParsingError) {
    let words = text.split(separator: " ")
    guard words.count == 5 else {
      throw ParsingError(description: "must have five fields like `0 8 * * 1-5`, has \(words.count)")
    }
    var members: [UInt64] = []
    for (word, field) in zip(words, Self.fields) {
      members.append(try Self.members(word, field))
    }
    // 7 is Sunday, too.
    let weekdays = (members[4] | members[4] >> 7 & 1) & 0x7f
    self.init(
      text: words.joined(separator: " "), minutes: members[0], hours: members[1], days: members[2],
      months: members[3], weekdays: weekdays, needsBothDays: words[2].first == "*" || words[4].first == "*")
    // A day like 31 February never comes.
    guard first(after: 0, in: .utc) != nil else {
      throw ParsingError(description: "must have a day that some year has")
    }
  }

  private static func members(_ word: Substring, _ field: Field) throws(ParsingError) -> UInt64 {
    var members: UInt64 = 0
    for item in word.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let bounds = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let range: ClosedRange<Int>
      if parts[0] == "*" {
        range = field.range
      } else {
        let first = try number(bounds[0], field)
        let last = bounds.count == 2 ? try number(bounds[1], field) : first
        guard first <= last else {
          throw ParsingError(description: "must have a \(field.name) that ends after it begins, got \(item)")
        }
        // As in cron, a step makes a single number the beginning of a range.
        range = first...(bounds.count == 1 && parts.count == 2 ? field.range.upperBound : last)
      }
      let step = parts.count == 2 ? Int(parts[1]) ?? 0 : 1
      guard (1...59).contains(step) else {
        throw ParsingError(description: "must have a step from 1 to 59 after the /, got \(item)")
      }
      for member in stride(from: range.lowerBound, through: range.upperBound, by: step) {
        members |= 1 << UInt64(member)
      }
    }
    return members
  }

  private static func number(_ text: Substring, _ field: Field) throws(ParsingError) -> Int {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    if isNumber, let number = Int(text), field.range.contains(number) { return number }
    if let index = field.names.firstIndex(of: text.lowercased()) { return index + field.range.lowerBound }
    let names = field.names.isEmpty ? "" : " or a name like \(field.names[0])"
    throw ParsingError(
      description: "must have a \(field.name) from \(field.range.lowerBound) to \(field.range.upperBound)"
        + "\(names), got \(text)")
  }
}
