import CoreMetrics
import Testing

@testable import PrometheusMetrics

@Suite("The exposition")
struct ExpositionTests {
  /// A registry whose exposition has nothing of the process.
  static func registry(
    seriesLimit: Int = 20_000, onProblem: @escaping @Sendable (MetricProblem) -> Void = { _ in }
  ) -> PrometheusRegistry {
    PrometheusRegistry(
      seriesLimit: seriesLimit, process: ProcessFigures(folder: "/nowhere"), onProblem: onProblem)
  }

  private let registry = Self.registry()

  @Test("an empty registry writes nothing")
  func empty() {
    #expect(registry.text() == "")
  }

  @Test("families are sorted by name and series by labels, and a series' labels by name")
  func sorting() {
    registry.describe("b_total", help: "What b counts.")
    Gauge(label: "c", factory: registry).record(2.5)
    for (zone, rack) in [("b", "1"), ("a", "2"), ("a", "10"), ("a", "1")] {
      Counter(label: "b_total", dimensions: [("zone", zone), ("rack", rack)], factory: registry).increment()
    }
    Counter(label: "b_total", factory: registry).increment(by: 7)
    Meter(label: "a", factory: registry).set(-1)
    #expect(
      registry.text() == """
        # TYPE a gauge
        a -1
        # HELP b_total What b counts.
        # TYPE b_total counter
        b_total 7
        b_total{rack="1",zone="a"} 1
        b_total{rack="1",zone="b"} 1
        b_total{rack="10",zone="a"} 1
        b_total{rack="2",zone="a"} 1
        # TYPE c gauge
        c 2.5

        """)
  }

  @Test("label values and help are escaped")
  func escaping() {
    registry.describe("g", help: "A \\ and\ntwo lines, \"quoted\".")
    Gauge(label: "g", dimensions: [("a", "back\\slash \"quotes\"\nnew line ½")], factory: registry).record(1)
    #expect(
      registry.text() == #"""
        # HELP g A \\ and\ntwo lines, "quoted".
        # TYPE g gauge
        g{a="back\\slash \"quotes\"\nnew line ½"} 1

        """#)
  }

  @Test(
    "names become what the format allows",
    arguments: [
      ("http.server-requests", "http_server_requests"), ("9lives", "_9lives"), ("a:b", "a:b"), ("é½", "__"),
      ("", "_"), ("__x", "__x"), ("A9_", "A9_"),
    ])
  func metricNames(name: String, written: String) {
    #expect(MetricName.metric(name) == written)
  }

  @Test(
    "label names too, where a colon is not allowed and two underscores in front are Prometheus's own",
    arguments: [
      ("a.b", "a_b"), ("a:b", "a_b"), ("9", "_9"), ("__x", "_x"), ("_x", "_x"), ("", "_"), ("__", "_"),
    ])
  func labelNames(name: String, written: String) {
    #expect(MetricName.label(name) == written)
  }

  @Test("labels without a value are left out, and of two with one name the last is taken")
  func labels() {
    #expect(LabelText.text([("b", "1"), ("a", ""), ("b", "2")]) == #"b="2""#)
    #expect(LabelText.text([("a.b", "1"), ("a-b", "2")]) == #"a_b="2""#)
    #expect(LabelText.text([("a", "")]) == "")
    #expect(LabelText.text([("le", "1"), ("a", "2")], reserved: "le") == #"a="2",exported_le="1""#)
  }

  @Test(
    "numbers are written as Prometheus reads them",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-3, "-3"), (0.5, "0.5"), (0.1, "0.1"), (1e15, "1000000000000000"),
      (9_007_199_254_740_992, "9007199254740992"), (1e18, "1000000000000000000"), (1e19, "1e+19"),
      (1e-7, "1e-07"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
      (1.7976931348623157e308, "1.7976931348623157e+308"), (.leastNonzeroMagnitude, "5e-324"),
    ] as [(Double, String)])
  func numbers(value: Double, text: String) {
    #expect(value.sample == text)
  }

  @Test("ten thousand series are all there")
  func many() {
    for number in 0..<10_000 {
      Counter(label: "n", dimensions: [("scaler", "s\(number)")], factory: registry).increment(by: number)
    }
    let lines = registry.text().split(separator: "\n")
    #expect(lines.count == 10_001)
    #expect(Set(lines.dropFirst()) == Set((0..<10_000).map { #"n_total{scaler="s\#($0)"} \#($0)"#[...] }))
    #expect(lines.dropFirst().map(String.init) == lines.dropFirst().map(String.init).sorted())
  }
}
