/// One series of a family, or a histogram's few: what a handler changes and the exposition reads.
protocol Series: AnyObject, Sendable {
  /// Where the series is in the registry.
  var identity: SeriesIdentity { get }

  /// Writes the samples of this moment.
  func write(to text: inout ExpositionText)
}

/// What tells a series from all others.
struct SeriesIdentity: Hashable, Sendable {
  /// The family's name.
  let family: String
  /// As of `LabelText`.
  let labels: String
}
