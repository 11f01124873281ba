internal import Simulation

/// Demand, replicas and the queue's depth over time, for one policy. All policies have the same scales, so that they
/// can be compared.
struct TimelinePlot {
  /// The largest number of processes or replicas of all policies, and the deepest queue.
  let highest: Double
  let deepest: Double
  /// The longest simulation of all policies, in seconds.
  let length: Double

  private static let width = 960.0
  private static let left = 52.0
  private static let right = 948.0
  private static let top = 24.0
  private static let bottom = 190.0
  private static let queueTop = 222.0
  private static let queueBottom = 282.0

  init(_ outcomes: [SimulationOutcome]) {
    let bins = outcomes.flatMap(\.series.bins)
    highest = max(bins.map { max($0.demand, $0.wanted, $0.pods) }.max() ?? 0, 1)
    deepest = max(bins.map(\.waiting).max() ?? 0, 1)
    length = outcomes.map { $0.length / .seconds(1) }.max() ?? 1
  }

  func image(_ outcome: SimulationOutcome, id: String) -> Markup {
    let x = Scale.elapsed(length, from: Self.left, to: Self.right)
    let y = Scale.linear(to: highest, from: Self.bottom, to: Self.top, ticks: 5)
    let plot = Plot(
      width: Self.width, height: 320, x: x, y: y, xLabel: "", yLabel: "processes, replicas", labelsX: false)
    let queue = Scale.linear(to: deepest, from: Self.queueBottom, to: Self.queueTop, ticks: 2)
    let depth = Plot(
      width: 0, height: 0, x: x, y: queue, xLabel: "time since the beginning", yLabel: "processes waiting")
    return plot.image(
      id: id, title: "\(outcome.name) over time", description: description(outcome),
      [
        area("demand", outcome, \.demand, x, y), line("ready", outcome, \.ready, x, y),
        line("wanted", outcome, \.wanted, x, y),
      ] + depth.axes + [area("waiting", outcome, \.waiting, x, queue)])
  }

  private func description(_ outcome: SimulationOutcome) -> String {
    let bins = outcome.series.bins
    func most(_ value: (SimulationSeries.Bin) -> Double) -> String {
      FigureText.number(bins.map(value).max() ?? 0, digits: 1)
    }
    return
      "Means of \(FigureText.time(outcome.series.width)) each. At most \(most(\.demand)) processes waited or ran, "
      + "\(most(\.waiting)) waited; at most \(most(\.ready)) replicas were ready and \(most(\.wanted)) wanted."
  }

  private typealias Value = (SimulationSeries.Bin) -> Double

  private func points(_ outcome: SimulationOutcome, _ value: Value, _ x: Scale, _ y: Scale) -> [Point] {
    let width = outcome.series.width / .seconds(1)
    let end = outcome.length / .seconds(1)
    return outcome.series.bins.enumerated().flatMap { index, bin in
      let place = y.place(value(bin))
      return [
        Point(x: x.place(min(Double(index) * width, end)), y: place),
        Point(x: x.place(min(Double(index + 1) * width, end)), y: place),
      ]
    }
  }

  private func line(_ name: String, _ outcome: SimulationOutcome, _ value: Value, _ x: Scale, _ y: Scale)
    -> Markup
  {
    .tag("path", ["class": "line \(name)", "d": points(outcome, value, x, y).simplified.path])
  }

  private func area(_ name: String, _ outcome: SimulationOutcome, _ value: Value, _ x: Scale, _ y: Scale)
    -> Markup
  {
    let points = points(outcome, value, x, y).simplified
    guard let first = points.first, let last = points.last else { return .list([]) }
    let floor = [Point(x: last.x, y: y.start), Point(x: first.x, y: y.start)]
    return .tag("path", ["class": "area \(name)", "d": (points + floor).path + "Z"])
  }
}
