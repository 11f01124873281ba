import Testing

@testable import SimulationReport

@Suite("Axes and names in plots")
struct ScaleTests {
  @Test(
    "linear axes begin at zero, end at a round number, and have a handful of marks",
    arguments: [
      (0.0, ["0.00", "0.05"]), (1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (2.3, ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]), (100.0, ["0", "20", "40", "60", "80", "100"]),
      (1_234.0, ["0", "500", "1000", "1500"]),
    ])
  func linear(highest: Double, labels: [String]) {
    let scale = Scale.linear(to: highest, from: 100, to: 0, ticks: 5)
    if highest > 0 { #expect(scale.ticks.map(\.label) == labels) }
    #expect(scale.domain.upperBound >= highest && scale.ticks.count <= 7)
    #expect(scale.place(0) == 100 && scale.place(scale.domain.upperBound) == 0)
  }

  @Test(
    "time has marks that people use",
    arguments: [
      (8.0, "1 s"), (90.0, "10 s"), (3_437.0, "5 m"), (86_400.0, "2 h"), (1_728_600.0, "2 d"),
      (31_536_000.0, "37 d"),
    ])
  func elapsed(length: Double, second: String) {
    let scale = Scale.elapsed(length, from: 0, to: 900)
    #expect(scale.ticks.prefix(2).map(\.label) == ["0", second])
    #expect(scale.ticks.count <= 13)
    #expect(scale.place(length) == 900)
  }

  @Test("logarithmic axes: equal ratios are equal distances, and what is outside is at the end")
  func logarithmic() {
    let scale = Scale.waits(0.5...5_000, from: 0, to: 400, spacing: 50)
    #expect(abs(scale.place(5) - 100) < 1e-9 && abs(scale.place(50) - 200) < 1e-9)
    #expect(scale.place(0) == 0 && scale.place(1e9) == 400)
    let places = scale.ticks.map { scale.place($0.value) }
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= 50 })
    #expect(Scale.shares(from: 0.001, at: 0, to: 1).ticks.map(\.label) == ["100 %", "10 %", "1 %", "0.1 %"])
  }

  @Test("names at the same place are put at different ones")
  func labels() {
    var labels = LabelPlacement(within: 0...960)
    let points = (0..<8).map { Point(x: 400 + Double($0 % 2) * 3, y: 150) }
    for point in points { labels.avoid(point, size: 8) }
    let placed = points.map { labels.place("a policy", at: $0) }
    let places = Set(placed.map { "\($0.point.x) \($0.point.y) \($0.anchor)" })
    #expect(places.count == 8)
  }

  @Test(
    "lengths of time",
    arguments: [
      (Duration.zero, "0 s"), (.milliseconds(4), "0 s"), (.milliseconds(850), "0.85 s"),
      (.seconds(11.24), "11.2 s"),
      (.seconds(59.97), "1 m"), (.seconds(250), "4 m 10 s"), (.seconds(7_500), "2 h 5 m"),
      (.seconds(273_600), "3 d 4 h"),
    ])
  func times(duration: Duration, text: String) {
    #expect(FigureText.time(duration) == text)
  }

  @Test(
    "whole numbers have their thousands apart",
    arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567")])
  func grouped(value: Int, text: String) {
    #expect(FigureText.grouped(value) == text)
  }
}
