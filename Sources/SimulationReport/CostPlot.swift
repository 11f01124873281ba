internal import Simulation

/// What each policy costs, and how long processes wait for it: the lower left is the best.
struct CostPlot {
  let outcomes: [SimulationOutcome]

  /// Shorter waits are all the same to people.
  private static let shortest = 0.5
  private static let right = 900.0

  private struct Mark {
    let outcome: SimulationOutcome
    let marker: Marker
    let point: Point
    let tail: Point
  }

  func image(id: String) -> Markup {
    let longest = outcomes.compactMap { seconds($0, 0.99) }.max() ?? 1
    let x = Scale.linear(to: outcomes.compactMap(\.cost).max() ?? 1, from: 62, to: Self.right, ticks: 6)
    let y = Scale.waits(Self.shortest...max(longest * 1.3, 10), from: 320, to: 24, spacing: 26)
    let plot = Plot(
      width: 960, height: 366, x: x, y: y, xLabel: "cost: pod-seconds ÷ job-seconds",
      yLabel: "wait: mark at the 95th percentile, line to the 99th (logarithmic)")
    let marks = marks(x, y)
    var labels = LabelPlacement(within: 62...958)
    for mark in marks {
      labels.avoid(mark.point, size: 8)
      labels.avoid(from: mark.point, to: mark.tail)
    }
    return plot.image(
      id: id, title: "Cost against wait", description: outcomes.map { text($0) + "." }.joined(separator: " "),
      marks.map { mark in
        let name = mark.outcome.name
        let label = labels.place(name, at: mark.point)
        return .tag(
          "g", [:],
          [
            .tag("title", [:], text(mark.outcome)),
            .tag("path", ["class": "line \(mark.marker.colour)", "d": [mark.point, mark.tail].path]),
            mark.marker.shape(at: mark.point),
            plot.label(name, x: label.point.x, y: label.point.y, anchor: label.anchor, "name"),
          ])
      })
  }

  private func marks(_ x: Scale, _ y: Scale) -> [Mark] {
    outcomes.enumerated().compactMap { index, outcome in
      guard let cost = outcome.cost, let p95 = seconds(outcome, 0.95), let p99 = seconds(outcome, 0.99) else {
        return nil
      }
      return Mark(
        outcome: outcome, marker: Marker(index), point: Point(x: x.place(cost), y: y.place(p95)),
        tail: Point(x: x.place(cost), y: y.place(p99)))
    }
  }

  private func seconds(_ outcome: SimulationOutcome, _ share: Double) -> Double? {
    outcome.waits.quantile(share).map { max($0 / .seconds(1), Self.shortest) }
  }

  private func text(_ outcome: SimulationOutcome) -> String {
    "\(outcome.name): cost \(FigureText.number(outcome.cost, digits: 2)), 95th percentile "
      + "\(FigureText.time(outcome.waits.quantile(0.95))), 99th \(FigureText.time(outcome.waits.quantile(0.99)))"
  }
}
