internal import Simulation

extension SimulationReport {
  /// A page that has everything in it: tables and plots, for light and dark screens and for paper. It loads nothing and
  /// runs nothing.
  public var html: String {
    let outcomes = entries.map(\.outcome)
    let timeline = TimelinePlot(outcomes)
    let title = "Rehearsal: \(workload)"
    var page = "<!DOCTYPE html>\n"
    Markup.tag(
      "html", ["lang": "en", "xmlns": "http://www.w3.org/1999/xhtml"],
      [
        .tag(
          "head", [:],
          [
            .tag("meta", ["charset": "utf-8"]),
            .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .tag("meta", ["name": "color-scheme", "content": "light dark"]),
            .tag("title", [:], title), .tag("style", [:], [.styleSheet(StyleSheet.text)]),
          ]),
        .tag(
          "body", [:],
          [
            .tag("h1", [:], title),
            .tag(
              "p", ["class": "faint"],
              "A simulation of the same processes under \(entries.count == 1 ? "one policy" : "\(entries.count) policies"). "
                + "Models of published algorithms, not measurements of products."),
            .tag("h2", [:], "Results"), resultTable,
            .tag("h2", [:], "Cost against wait"),
            figure(
              CostPlot(outcomes: outcomes).image(id: "cost"),
              "The lower left is the best: little paid, little waited."),
            .tag("h2", [:], "How long processes waited"), legend,
            figure(
              WaitPlot(outcomes: outcomes).image(id: "waits"),
              "The share of processes that waited longer than a time. Waits below half a second are at the left edge."
            ),
            .tag("h2", [:], "Over time"), timelineLegend,
            .list(
              entries.enumerated().map { index, entry in
                .list([
                  .tag("h3", [:], entry.outcome.name),
                  figure(timeline.image(entry.outcome, id: "timeline\(index)"), entry.policy),
                ])
              }),
            .tag("h2", [:], "What was assumed"), list(assumptions.map { ($0.name, $0.value) }),
            .tag("h2", [:], "Policies"), list(entries.map { ($0.outcome.name, $0.policy) }),
            .tag("h2", [:], "What the columns mean"), list(Measure.all.map { ($0.heading, $0.meaning) }),
          ]),
      ]
    ).write(to: &page)
    return page + "\n"
  }

  private func figure(_ image: Markup, _ caption: String) -> Markup {
    .tag("figure", [:], [.tag("div", ["class": "wide"], [image]), .tag("figcaption", [:], caption)])
  }

  private var resultTable: Markup {
    .tag(
      "div", ["class": "wide"],
      [
        .tag(
          "table", [:],
          [
            .tag(
              "thead", [:],
              [
                .tag(
                  "tr", [:],
                  [.tag("th", ["scope": "col"], "policy")]
                    + Measure.all.map { .tag("th", ["scope": "col", "title": $0.meaning], $0.heading) })
              ]), .tag("tbody", [:], entries.enumerated().map(row)),
          ])
      ])
  }

  private func row(_ index: Int, _ entry: Entry) -> Markup {
    .tag(
      "tr", ["class": entry.isOwn ? "own" : "other"],
      [.tag("th", ["scope": "row"], [key(Marker(index)), .text(entry.outcome.name)])]
        + Measure.all.map { .tag("td", [:], $0.text(entry.outcome)) })
  }

  private var legend: Markup {
    .tag(
      "ul", ["class": "legend"],
      entries.enumerated().map { index, entry in
        .tag("li", [:], [key(Marker(index)), .text(entry.outcome.name)])
      })
  }

  private var timelineLegend: Markup {
    .tag(
      "ul", ["class": "legend"],
      [
        swatch(
          .tag("path", ["class": "area demand", "d": "M0 2H22V12H0Z"]),
          "demand: processes waiting and running"),
        swatch(.tag("path", ["class": "line ready", "d": "M0 7H22"]), "replicas ready"),
        swatch(.tag("path", ["class": "line wanted", "d": "M0 7H22"]), "replicas wanted"),
        swatch(.tag("path", ["class": "area waiting", "d": "M0 2H22V12H0Z"]), "processes waiting, below"),
      ])
  }

  private func swatch(_ shape: Markup, _ text: String) -> Markup {
    .tag("li", [:], [keyImage([shape]), .text(text)])
  }

  private func key(_ marker: Marker) -> Markup {
    keyImage([
      .tag("path", ["class": "line \(marker.colour)", "stroke-dasharray": marker.dashes, "d": "M0 7H22"]),
      marker.shape(at: Point(x: 11, y: 7), size: 4),
    ])
  }

  private func keyImage(_ shapes: [Markup]) -> Markup {
    .tag(
      "svg",
      ["class": "key", "viewBox": "0 0 22 14", "aria-hidden": "true", "xmlns": "http://www.w3.org/2000/svg"],
      shapes)
  }

  private func list(_ items: [(name: String, value: String)]) -> Markup {
    .tag("dl", [:], items.flatMap { [.tag("dt", [:], $0.name), .tag("dd", [:], $0.value)] })
  }
}
