extension Duration {
  /// Whole milliseconds, rounded up, so that nobody wakes up too early, and within what libcurl takes.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < Int64(Int32.max / 1000) else { return .max }
    let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(max(0, seconds * 1000 + rest))
  }
}
