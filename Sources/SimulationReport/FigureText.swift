/// How numbers are written for people.
enum FigureText {
  /// A length of time: `0 s`, `0.85 s`, `11.2 s`, `4 m 10 s`, `2 h 5 m`, `3 d 4 h`.
  static func time(_ duration: Duration?) -> String {
    guard let duration else { return "–" }
    let seconds = duration / .seconds(1)
    switch seconds {
    case ..<0.005: return "0 s"
    case ..<1: return "\(number(seconds, digits: 2)) s"
    case ..<59.95: return "\(number(seconds, digits: 1)) s"
    case ..<3_600: return pair(Int(seconds.rounded()), 60, "m", 1, "s")
    case ..<86_400: return pair(Int(seconds.rounded()), 3_600, "h", 60, "m")
    default: return pair(Int(seconds.rounded()), 86_400, "d", 3_600, "h")
    }
  }

  /// A number with a fixed number of decimals, at most 6; `–` when there is none.
  static func number(_ value: Double?, digits: Int) -> String {
    guard let value, value.isFinite, abs(value) < 1e12 else { return "–" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(scaled)" }
    let fraction = "\(scaled % scale)"
    return "\(sign)\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A share as a percentage.
  static func percent(_ share: Double) -> String { "\(number(share * 100, digits: 1)) %" }

  /// A whole number with its thousands apart.
  static func grouped(_ value: Int) -> String {
    var text = ""
    let digits = String(value.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  private static func pair(_ value: Int, _ large: Int, _ largeName: String, _ small: Int, _ smallName: String)
    -> String
  {
    let rest = value % large / small
    return "\(value / large) \(largeName)" + (rest == 0 ? "" : " \(rest) \(smallName)")
  }
}
