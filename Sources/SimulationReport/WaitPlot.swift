internal import Glibc
internal import Simulation

/// Which share of the processes waited longer than a time, for all policies. Both axes are logarithmic: what matters is
/// in the tail.
struct WaitPlot {
  let outcomes: [SimulationOutcome]

  /// Shorter waits are all the same to people.
  private static let shortest = 0.5

  func image(id: String) -> Markup {
    let longest = outcomes.compactMap { $0.waits.max.map { $0 / .seconds(1) } }.max() ?? 1
    let most = Double(outcomes.map(\.waits.count).max() ?? 1)
    // As low as one process of all, but no lower than 0.01 %.
    let lowest = max(pow(10, floor(log10(1 / max(most, 10)))), 0.0001)
    let x = Scale.waits(Self.shortest...max(longest * 1.1, 10), from: 62, to: 940, spacing: 50)
    let y = Scale.shares(from: lowest, at: 320, to: 24)
    let plot = Plot(
      width: 960, height: 366, x: x, y: y, xLabel: "longer than this (logarithmic)",
      yLabel: "share of processes that waited longer (logarithmic)")
    return plot.image(
      id: id, title: "How long processes waited", description: description,
      outcomes.enumerated().map { index, outcome in line(outcome, Marker(index), x, y) })
  }

  private var description: String {
    outcomes.map { outcome in
      "\(outcome.name): half waited longer than \(FigureText.time(outcome.waits.quantile(0.5))), one in a hundred longer "
        + "than \(FigureText.time(outcome.waits.quantile(0.99))), the longest \(FigureText.time(outcome.waits.max))."
    }.joined(separator: " ")
  }

  private func line(_ outcome: SimulationOutcome, _ marker: Marker, _ x: Scale, _ y: Scale) -> Markup {
    var longer = outcome.waits.count
    let all = Double(max(longer, 1))
    var points: [Point] = []
    for bin in outcome.waits.bins {
      let time = max(bin.upperBound / .seconds(1), Self.shortest)
      points.append(Point(x: x.place(time), y: y.place(max(Double(longer) / all, y.domain.lowerBound))))
      longer -= bin.count
      points.append(Point(x: x.place(time), y: y.place(max(Double(longer) / all, y.domain.lowerBound))))
      // The line ends where the plot does.
      if Double(longer) / all < y.domain.lowerBound { break }
    }
    let line = points.simplified
    // Marks at equal distances tell the lines apart where they cross.
    var marks: [Markup] = []
    var next = x.start + 40
    for point in line where point.x >= next && point.y < y.start - 1 {
      marks.append(marker.shape(at: point, size: 4))
      next = point.x + 160
    }
    return .tag(
      "g", [:],
      [
        .tag("title", [:], outcome.name),
        .tag(
          "path", ["class": "line \(marker.colour)", "stroke-dasharray": marker.dashes, "d": line.path]),
      ] + marks)
  }
}
