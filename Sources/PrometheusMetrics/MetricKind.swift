/// The type of a family, as its TYPE line names it.
enum MetricKind: String, Sendable {
  case counter, gauge, histogram

  /// What the names of a family's samples have behind the family's name.
  var sampleSuffixes: [String] {
    switch self {
    case .counter, .gauge: [""]
    case .histogram: ["", "_bucket", "_sum", "_count"]
    }
  }
}
