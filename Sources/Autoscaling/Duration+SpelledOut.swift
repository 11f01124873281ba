extension Duration {
  /// The duration for people, with the precision they need: `850 ms`, `2.5 s`, `42 s`, `3 m 20 s`, `5 h 12 m`.
  package var spelledOut: String {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return "-" + (Duration.zero - self).spelledOut }
    let milliseconds = attoseconds / 1_000_000_000_000_000
    switch seconds {
    case 0: return milliseconds == 0 ? "0 s" : "\(milliseconds) ms"
    case ..<10: return milliseconds < 100 ? "\(seconds) s" : "\(seconds).\(milliseconds / 100) s"
    case ..<60: return "\(seconds) s"
    case ..<3_600: return Self.pair(seconds, 60, "m", 1, "s")
    case ..<86_400: return Self.pair(seconds, 3_600, "h", 60, "m")
    default: return Self.pair(seconds, 86_400, "d", 3_600, "h")
    }
  }

  private static func pair(
    _ seconds: Int64, _ large: Int64, _ largeName: String, _ small: Int64, _ smallName: String
  ) -> String {
    let rest = seconds % large / small
    let whole = "\(seconds / large) \(largeName)"
    return rest == 0 ? whole : "\(whole) \(rest) \(smallName)"
  }
}
