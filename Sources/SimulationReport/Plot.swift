/// The frame of a plot: its size, its axes, and what it says to those who cannot see it.
struct Plot {
  let width: Double
  let height: Double
  let x: Scale
  let y: Scale
  /// What the axes show.
  let xLabel: String
  let yLabel: String
  /// Whether the marks of the horizontal axis have labels.
  var labelsX = true

  /// The plot as an image.
  /// - Parameters:
  ///   - title: What it shows, in a line.
  ///   - description: What can be read from it.
  func image(id: String, title: String, description: String, _ content: [Markup]) -> Markup {
    .tag(
      "svg",
      [
        "viewBox": "0 0 \(coordinate(width)) \(coordinate(height))", "role": "img",
        "aria-labelledby": "\(id)-title \(id)-description", "xmlns": "http://www.w3.org/2000/svg",
      ],
      [
        .tag("title", ["id": "\(id)-title"], title), .tag("desc", ["id": "\(id)-description"], description),
      ] + axes + content)
  }

  var axes: [Markup] {
    let (left, right) = (min(x.start, x.end), max(x.start, x.end))
    let (top, bottom) = (min(y.start, y.end), max(y.start, y.end))
    var parts: [Markup] = []
    for tick in y.ticks {
      let place = y.place(tick.value)
      parts.append(line("grid", left, place, right, place))
      parts.append(label(tick.label, x: left - 7, y: place + 4, anchor: "end"))
    }
    for tick in x.ticks {
      let place = x.place(tick.value)
      parts.append(line("grid", place, top, place, bottom))
      if labelsX { parts.append(label(tick.label, x: place, y: bottom + 17, anchor: "middle")) }
    }
    parts.append(line("axis", left, bottom, right, bottom))
    if !xLabel.isEmpty { parts.append(label(xLabel, x: right, y: bottom + 34, anchor: "end", "axis-name")) }
    if !yLabel.isEmpty { parts.append(label(yLabel, x: left, y: top - 8, anchor: "start", "axis-name")) }
    return parts
  }

  private func line(_ name: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Markup {
    .tag(
      "line",
      [
        "class": name, "x1": coordinate(x1), "y1": coordinate(y1), "x2": coordinate(x2), "y2": coordinate(y2),
      ])
  }

  func label(
    _ text: String, x: Double, y: Double, anchor: String, _ style: String = "tick"
  ) -> Markup {
    .tag(
      "text", ["class": style, "x": coordinate(x), "y": coordinate(y), "text-anchor": anchor], text)
  }
}
