/// The series of one name. A family keeps its type and its buckets also when it has no series any more.
struct Family {
  let kind: MetricKind
  let buckets: HistogramBuckets
  /// By labels.
  private(set) var series: [any Series] = []

  init(_ kind: MetricKind, _ buckets: HistogramBuckets) {
    self.kind = kind
    self.buckets = buckets
  }

  /// The series with these labels, or the place where one would be.
  func find(_ labels: String) -> (index: Int, series: (any Series)?) {
    var low = 0
    var high = series.count
    while low < high {
      let middle = (low + high) / 2
      if series[middle].identity.labels < labels { low = middle + 1 } else { high = middle }
    }
    return (low, low < series.count && series[low].identity.labels == labels ? series[low] : nil)
  }

  mutating func insert(_ new: any Series, at index: Int) { series.insert(new, at: index) }

  /// Removes a series, unless another one has taken its place.
  mutating func remove(_ old: any Series) {
    let (index, found) = find(old.identity.labels)
    if found === old { series.remove(at: index) }
  }
}
