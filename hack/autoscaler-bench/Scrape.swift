/// One reading of a page for Prometheus.
struct Scrape: Sendable {
  private struct Sample {
    let name: Substring
    /// As it is written: `a="b",c="d"`.
    let labels: Substring
    let value: Double

    /// A label's value. Those that are asked for have nothing in them that is written with a backslash.
    func label(_ label: String) -> Substring? {
      for part in labels.split(separator: ",") where part.hasPrefix("\(label)=\"") {
        return part.dropFirst(label.utf8.count + 2).dropLast()
      }
      return nil
    }
  }

  private let samples: [Substring: [Sample]]

  init(_ text: String) {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    let samples = lines.compactMap { line -> Sample? in
      guard line.first != UInt8(ascii: "#"), let space = line.lastIndex(of: UInt8(ascii: " ")),
        let value = Double(Substring(line[line.index(after: space)...]))
      else { return nil }
      let head = line[..<space]
      let name = head.prefix { $0 != UInt8(ascii: "{") }
      return Sample(
        name: Substring(name), labels: Substring(head.dropFirst(name.count + 1).dropLast()), value: value)
    }
    self.samples = Dictionary(grouping: samples, by: \.name)
  }

  /// The sum of all series of a name, or of those with a value of a label.
  func sum(_ name: String, where label: (name: String, value: String)? = nil) -> Double {
    (samples[name[...]] ?? []).reduce(0) { sum, sample in
      if let label, sample.label(label.name) != label.value[...] { return sum }
      return sum + sample.value
    }
  }

  /// The sums of all series of a name by the values of labels, which are joined with spaces.
  func sums(_ name: String, by labels: String...) -> [String: Double] {
    (samples[name[...]] ?? []).reduce(into: [:]) { sums, sample in
      sums[labels.map { sample.label($0) ?? "" }.joined(separator: " "), default: 0] += sample.value
    }
  }

  /// How many values of all histograms of a name were not above each bound.
  func histogram(_ name: String) -> Histogram {
    var counts: [Double: Double] = [:]
    for (bound, count) in sums("\(name)_bucket", by: "le") {
      counts[Double(bound) ?? .infinity, default: 0] += count
    }
    return Histogram(counts: counts)
  }
}

/// How many values were not above each of some bounds.
struct Histogram: Sendable {
  let counts: [Double: Double]

  /// What came since an earlier reading.
  func since(_ earlier: Histogram) -> Histogram {
    Histogram(counts: Dictionary(uniqueKeysWithValues: counts.map { ($0, $1 - (earlier.counts[$0] ?? 0)) }))
  }

  /// How many values there are.
  var total: Double { counts[.infinity] ?? 0 }

  /// The least bound that a share of the values is not above: all that the buckets tell of a percentile.
  func bound(_ share: Double) -> Double? {
    guard total > 0 else { return nil }
    return counts.filter { $0.value >= share * total }.keys.min()
  }
}
