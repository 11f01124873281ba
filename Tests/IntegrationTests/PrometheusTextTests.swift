import CoreMetrics
import Files
import JSON
import PrometheusMetrics
import TestSupport
import Testing

/// A parser that others wrote, which says what Prometheus understands.
@Suite("Prometheus' text format", .timeLimit(.minutes(10)))
struct PrometheusTextTests {
  @Test("Prometheus' own parser reads back what was recorded")
  func roundTrip() async throws {
    let registry = PrometheusRegistry(seriesLimit: 2)
    registry.describe("jobs_total", help: "Jobs \\ \"done\"\nby zone.")
    registry.describe("wait_seconds", help: "Waits.", buckets: [0.25, 1])
    let strange = "a \\ b \"c\"\nd,e=} ½ 日本"
    Counter(label: "jobs", dimensions: [("zone", strange), ("le", "x")], factory: registry).increment(by: 3)
    FloatingPointCounter(label: "jobs", factory: registry).increment(by: 1e-7)
    Counter(label: "jobs", dimensions: [("zone", "refused")], factory: registry).increment()
    for (place, value) in [("a", Double.infinity), ("b", .nan)] {
      Gauge(label: "level.now", dimensions: [("place", place)], factory: registry).record(value)
    }
    Meter(label: "large", factory: registry).set(1e18)
    let timer = Timer(label: "wait", dimensions: [("scaler", "f")], factory: registry)
    for milliseconds in [250, 900, 5000] { timer.recordMilliseconds(milliseconds) }

    let (families, version) = try await parse(registry.text())
    let requirements = try File.text(PythonEnvironment.resource("requirements.txt"))
    #expect(
      requirements.split(separator: "\n").contains("prometheus_client==\(version)"),
      "the Python environment is not the one that hack/setup --tests makes")
    #expect(families.map(\.name) == families.map(\.name).sorted())
    let process = families.filter { $0.name.hasPrefix("process_") }
    #expect(process.count == 6 && process.allSatisfy { !$0.help.isEmpty && $0.samples.count == 1 })
    #expect(
      families.filter { !$0.name.hasPrefix("process_") } == [
        // The parser takes `_total` off the names of counters.
        Family(
          name: "jobs", type: "counter", help: "Jobs \\ \"done\"\nby zone.",
          samples: [
            Sample("jobs_total", [:], "1e-07"),
            Sample("jobs_total", ["le": "x", "zone": .string(strange)], "3"),
          ]),
        Family(
          name: "large", type: "gauge", help: "", samples: [Sample("large", [:], "1000000000000000000")]),
        Family(
          name: "level_now", type: "gauge", help: "",
          samples: [
            Sample("level_now", ["place": "a"], "inf"), Sample("level_now", ["place": "b"], "nan"),
          ]),
        Family(
          name: "metrics_refused_series", type: "counter",
          help: "Metrics that were asked for and are not shown, by family and reason.",
          samples: [
            Sample("metrics_refused_series_total", ["family": "jobs_total", "reason": "limit"], "1")
          ]),
        Family(
          name: "wait_seconds", type: "histogram", help: "Waits.",
          samples: [
            Sample("wait_seconds_bucket", ["le": "0.25", "scaler": "f"], "1"),
            Sample("wait_seconds_bucket", ["le": "1", "scaler": "f"], "2"),
            Sample("wait_seconds_bucket", ["le": "+Inf", "scaler": "f"], "3"),
            Sample("wait_seconds_sum", ["scaler": "f"], "6.15"),
            Sample("wait_seconds_count", ["scaler": "f"], "3"),
          ]),
      ])
  }

  // MARK: The parser

  private struct Sample: Hashable {
    let name: String
    let labels: JSONValue
    let value: String

    init(_ name: String, _ labels: JSONValue, _ value: String) {
      self.name = name
      self.labels = labels
      self.value = value
    }
  }

  private struct Family: Hashable {
    let name: String
    let type: String
    let help: String
    let samples: [Sample]
  }

  private func parse(_ text: String) async throws -> (families: [Family], version: String) {
    let directory = TemporaryDirectory()
    try File.replace(directory.file("metrics.txt"), with: text)
    let script = try ChildProcess(
      [
        try PythonEnvironment.interpreter(), "-I", PythonEnvironment.resource("parse_metrics.py"),
        directory.file("metrics.txt"),
      ], logFile: directory.file("parser.log"))
    let exit = await script.exit()
    try #require(exit == .code(0), "\(script.log)\n\(text)")
    let output = try JSONValue(parsing: (script.log.split(separator: "\n").last ?? "").utf8)
    let families = try #require(output["families"]?.array)
    return (try families.map(family), try #require(output["prometheus_client"]?.string))
  }

  private func family(_ json: JSONValue) throws -> Family {
    let samples = try #require(json["samples"]?.array).map { sample in
      let labels = try #require(sample["labels"]?.object)
      return Sample(
        try #require(sample["name"]?.string),
        .object(JSONObject(labels.members.sorted { $0.key < $1.key })),
        try #require(sample["value"]?.string))
    }
    return Family(
      name: try #require(json["name"]?.string), type: try #require(json["type"]?.string),
      help: try #require(json["help"]?.string), samples: samples)
  }
}
