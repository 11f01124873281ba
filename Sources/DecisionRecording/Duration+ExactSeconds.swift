extension Duration {
  private static let decimals = 18

  /// The duration as a decimal number of seconds, with as many decimals as it takes to lose nothing.
  var exactSeconds: String {
    let (seconds, attoseconds) = components
    let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
    guard attoseconds != 0 else { return "\(seconds)" }
    var digits = String(attoseconds.magnitude)
    digits = String(repeating: "0", count: Self.decimals - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(seconds.magnitude).\(digits)"
  }

  /// Reads what ``exactSeconds`` writes; nil for anything else, also for an exponent.
  init?(exactSeconds text: String) {
    let isNegative = text.first == "-"
    let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy(Self.isDigits),
      let seconds = Int64(parts[0])
    else { return nil }
    var attoseconds: Int64 = 0
    if parts.count == 2 {
      let padding = Self.decimals - parts[1].utf8.count
      guard padding >= 0, let number = Int64(parts[1] + String(repeating: "0", count: padding)) else {
        return nil
      }
      attoseconds = number
    }
    self.init(
      secondsComponent: isNegative ? -seconds : seconds,
      attosecondsComponent: isNegative ? -attoseconds : attoseconds)
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
