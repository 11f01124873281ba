/// The way durations are written in files and options: `250ms`, `30s`, `5m`, `1h30m`.
///
/// Whole numbers with the units h, m, s and ms, from large to small, each at most once.
public enum DurationSyntax {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// The duration a text stands for; nil when it is not written as one or is longer than 1,000,000 hours.
  public static func duration(_ text: String) -> Duration? {
    var rest = text.utf8[...]
    var unitsLeft = units[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      rest = rest[digits.endIndex...]
      let name = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
      rest = rest[name.endIndex...]
      guard let count = Int64(Substring(digits)), count <= 3_600_000_000_000,
        let unit = unitsLeft.firstIndex(where: { $0.name.utf8.elementsEqual(name) })
      else { return nil }
      let (part, overflow) = count.multipliedReportingOverflow(by: unitsLeft[unit].milliseconds)
      guard !overflow, part <= longest, total + part <= longest else { return nil }
      total += part
      unitsLeft = unitsLeft[(unit + 1)...]
    }
    return unitsLeft.count == units.count ? nil : .milliseconds(total)
  }

  /// A duration as it would be written, rounded down to milliseconds; `0s` for nothing.
  public static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var rest = min(max(seconds, 0), longest / 1_000) * 1_000 + max(attoseconds, 0) / 1_000_000_000_000_000
    var text = ""
    for unit in units where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }

  /// 1,000,000 hours in milliseconds: longer than any setting, far from any overflow.
  private static let longest: Int64 = 3_600_000_000_000
}
