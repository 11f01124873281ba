package import CoreMetrics
internal import Locking

/// A backend of swift-metrics that Prometheus can read: keeps every series and writes them all as text.
///
/// - Counters are counters; `_total` is added to a name that does not end so.
/// - Recorders that do not aggregate (gauges) and meters are gauges.
/// - Recorders that aggregate, and timers, are histograms. Timers are in seconds, and `_seconds` is added to a
///   name that does not end so.
///
/// Whoever asks for the same name and dimensions again gets the same series. A name has one type: the first that it
/// was used with. What cannot be shown (another type, a name that another family writes, one series too many)
/// gets a handler that works and is not in the exposition; each time is counted in
/// `metrics_refused_series_total`, and the first time of each kind is told to `onProblem`.
///
/// Changes of values take no lock of the registry's: counters and gauges are atomics, histograms have a lock each.
package final class PrometheusRegistry: MetricsFactory {
  private struct Description {
    var help: String
    var buckets: HistogramBuckets?
  }

  private struct State {
    var families: [String: Family] = [:]
    var descriptions: [String: Description]
    /// Which family writes samples of a name.
    var owners: [String: String]
    var refused: [MetricProblem: Int64] = [:]
  }

  private static let refusedName = "metrics_refused_series_total"

  private let state: Locked<State>
  private let seriesLimit: Int
  private let process: ProcessFigures
  private let onProblem: @Sendable (MetricProblem) -> Void

  /// Creates a registry without series.
  /// - Parameters:
  ///   - seriesLimit: How many series a family may have. A histogram is one, whatever number of buckets it has.
  ///   - onProblem: Called once for each problem of each family, on the thread that meets it first.
  package convenience init(
    seriesLimit: Int = 20_000, onProblem: @escaping @Sendable (MetricProblem) -> Void = { _ in }
  ) {
    self.init(seriesLimit: seriesLimit, process: ProcessFigures(), onProblem: onProblem)
  }

  init(
    seriesLimit: Int = 20_000, process: ProcessFigures,
    onProblem: @escaping @Sendable (MetricProblem) -> Void = { _ in }
  ) {
    precondition(seriesLimit > 0, "a family may have a series at least")
    self.seriesLimit = seriesLimit
    self.process = process
    self.onProblem = onProblem
    var help = ProcessFigures.help
    help[Self.refusedName] = "Metrics that were asked for and are not shown, by family and reason."
    // What the registry writes itself, nobody else may.
    state = Locked(
      State(
        descriptions: help.mapValues { Description(help: ExpositionText.escaped(help: $0)) },
        owners: Dictionary(uniqueKeysWithValues: help.keys.map { ($0, "") })))
  }

  /// Says what a metric means.
  /// - Parameters:
  ///   - name: The name in the exposition, with `_total` or `_seconds`.
  ///   - help: One sentence; families without it have no HELP line.
  ///   - buckets: A histogram's upper bounds, finite and increasing, in the unit of the name; from 5 ms to 10 s
  ///     unless told. They must be told before the metric's first use.
  package func describe(_ name: String, help: String, buckets: [Double]? = nil) {
    let description = Description(
      help: ExpositionText.escaped(help: help), buckets: buckets.map(HistogramBuckets.init))
    let problem = state.withLock { state -> MetricProblem? in
      state.descriptions[name] = description
      guard let family = state.families[name], let buckets = description.buckets, buckets != family.buckets
      else { return nil }
      return MetricProblem(family: name, reason: .buckets)
    }
    if let problem { onProblem(problem) }
  }

  // MARK: Series

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    counter(label, dimensions)
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    counter(label, dimensions)
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    gauge(label, dimensions)
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    aggregate ? histogram(MetricName.metric(label), dimensions) : gauge(label, dimensions)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    histogram(MetricName.metric(label, suffix: "_seconds"), dimensions)
  }

  private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
    let identity = SeriesIdentity(
      family: MetricName.metric(label, suffix: "_total"), labels: LabelText.text(dimensions))
    return series(identity, .counter) { _ in CounterSeries(identity) }
  }

  private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
    let identity = SeriesIdentity(family: MetricName.metric(label), labels: LabelText.text(dimensions))
    return series(identity, .gauge) { _ in GaugeSeries(identity) }
  }

  private func histogram(_ family: String, _ dimensions: [(String, String)]) -> HistogramSeries {
    let identity = SeriesIdentity(family: family, labels: LabelText.text(dimensions, reserved: "le"))
    return series(identity, .histogram) { HistogramSeries(identity, $0) }
  }

  /// The series of that identity: the one there is, a new one, or one that is not shown.
  private func series<S: Series>(
    _ identity: SeriesIdentity, _ kind: MetricKind, make: @Sendable (HistogramBuckets) -> S
  ) -> S {
    let (series, news) = state.withLock { state -> (S, MetricProblem?) in
      let buckets = state.descriptions[identity.family]?.buckets ?? .standard
      var family = state.families[identity.family] ?? Family(kind, buckets)
      let (index, found) = family.find(identity.labels)
      if let found = found as? S { return (found, nil) }
      let made = make(family.buckets)
      if let reason = problem(with: identity.family, kind, family, state) {
        let problem = MetricProblem(family: identity.family, reason: reason)
        state.refused[problem, default: 0] += 1
        return (made, state.refused[problem] == 1 ? problem : nil)
      }
      // The dictionary must not hold a second reference, or inserting would copy the whole family.
      state.families[identity.family] = nil
      family.insert(made, at: index)
      state.families[identity.family] = family
      for suffix in kind.sampleSuffixes { state.owners[identity.family + suffix] = identity.family }
      return (made, nil)
    }
    if let news { onProblem(news) }
    return series
  }

  /// Why a family cannot take a new series of some kind.
  private func problem(
    with name: String, _ kind: MetricKind, _ family: Family, _ state: State
  ) -> MetricProblem.Reason? {
    if family.kind != kind { return .type }
    if kind.sampleSuffixes.contains(where: { state.owners[name + $0].map { $0 != name } ?? false }) {
      return .name
    }
    return family.series.count < seriesLimit ? nil : .limit
  }

  // MARK: Removing

  package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
  package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

  /// Takes a series out of the exposition, for everybody who has its handler. The next who asks for it gets a
  /// new one, that begins at zero.
  private func remove(_ handler: any AnyObject & Sendable) {
    guard let series = handler as? any Series else { return }
    state.withLock { $0.families[series.identity.family]?.remove(series) }
  }

  // MARK: Exposition

  /// Everything as text, version 0.0.4 of the format: `text/plain; version=0.0.4; charset=utf-8`. Families are
  /// sorted by name and series by labels. What the process uses is read at this moment.
  package func text() -> String {
    let (families, descriptions, refused) = state.withLock { ($0.families, $0.descriptions, $0.refused) }
    var all = families.mapValues { (kind: $0.kind, series: $0.series) }
    for (kind, series) in process.series() { all[series.identity.family] = (kind, [series]) }
    all[Self.refusedName] = (.counter, Self.series(refused))
    let lines = all.values.reduce(0) { $0 + $1.series.count * ($1.kind == .histogram ? 14 : 1) }
    var text = ExpositionText(capacity: lines * 80)
    for (name, (kind, series)) in all.sorted(by: { $0.key < $1.key }) where !series.isEmpty {
      text.begin(name, kind, help: descriptions[name]?.help)
      for series in series { series.write(to: &text) }
    }
    return text.text
  }

  private static func series(_ refused: [MetricProblem: Int64]) -> [any Series] {
    var family = Family(.counter, .standard)
    for (problem, count) in refused {
      let labels = LabelText.text([("family", problem.family), ("reason", problem.reason.rawValue)])
      let series = CounterSeries(SeriesIdentity(family: refusedName, labels: labels))
      series.increment(by: count)
      family.insert(series, at: family.find(labels).index)
    }
    return family.series
  }
}
