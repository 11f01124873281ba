extension Double {
  /// The number as the format writes it: whole numbers without a point where that is exact, `+Inf`, `-Inf`,
  /// `NaN`, and otherwise the shortest text that reads as the same number.
  var sample: String {
    if let whole = Int64(exactly: self) { return String(whole) }
    if isNaN { return "NaN" }
    if isInfinite { return self > 0 ? "+Inf" : "-Inf" }
    return description
  }
}
