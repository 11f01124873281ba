import CoreMetrics
import Locking
import Testing

@testable import PrometheusMetrics

@Suite("Series")
struct SeriesTests {
  private let registry = ExpositionTests.registry()
  /// The lines before the registry's own counter.
  private let refusedHead = """
    # HELP metrics_refused_series_total Metrics that were asked for and are not shown, by family and reason.
    # TYPE metrics_refused_series_total counter

    """

  /// The value of a sample, as it is written.
  private func value(_ sample: String) -> Substring? {
    registry.text().split(separator: "\n").first { $0.hasPrefix(sample + " ") }?.dropFirst(sample.count + 1)
  }

  // MARK: Counters

  @Test("a counter only grows, is exact to 64 bits, and its name ends in _total once")
  func counter() {
    let counter = Counter(label: "a", factory: registry)
    #expect(value("a_total") == "0")
    counter.increment(by: Int64.max)
    counter.increment(by: 1)
    counter.increment(by: -5)
    #expect(value("a_total") == "9223372036854775808")
    Counter(label: "a_total", factory: registry).increment()
    #expect(value("a_total") == "9223372036854775809")
    counter.reset()
    #expect(value("a_total") == "0")
  }

  @Test("a counter of fractions ignores what could not be undone")
  func fractions() {
    let counter = FloatingPointCounter(label: "a", factory: registry)
    counter.increment(by: 0.25)
    counter.increment(by: 2)
    for nonsense in [-1, .nan, .infinity] as [Double] { counter.increment(by: nonsense) }
    #expect(value("a_total") == "2.25")
    Counter(label: "a", factory: registry).increment()
    #expect(value("a_total") == "3.25")
    counter.reset()
    #expect(value("a_total") == "0")
  }

  // MARK: Gauges

  @Test("gauges and meters go up and down")
  func gauges() {
    let gauge = Gauge(label: "g", factory: registry)
    #expect(value("g") == "0")
    gauge.record(2.5)
    #expect(value("g") == "2.5")
    gauge.record(Double.nan)
    #expect(value("g") == "NaN")
    let meter = Meter(label: "m", dimensions: [("a", "1")], factory: registry)
    meter.set(10)
    meter.increment(by: 2.5)
    meter.decrement(by: 20)
    meter.increment(by: Double.infinity)
    meter.decrement(by: -3)
    #expect(value(#"m{a="1"}"#) == "-7.5")
  }

  // MARK: Histograms

  @Test("buckets are cumulative, bounds belong to their bucket, and the sum and the count agree")
  func histogram() {
    registry.describe("r", help: "R.", buckets: [-1, 0.5, 10])
    let recorder = Recorder(label: "r", dimensions: [("le", "x")], factory: registry)
    for value in [-2, -1, 0.5, 0.50001, 10, 11, .nan, .infinity] as [Double] { recorder.record(value) }
    recorder.record(3)
    #expect(
      registry.text() == """
        # HELP r R.
        # TYPE r histogram
        r_bucket{exported_le="x",le="-1"} 2
        r_bucket{exported_le="x",le="0.5"} 3
        r_bucket{exported_le="x",le="10"} 6
        r_bucket{exported_le="x",le="+Inf"} 7
        r_sum{exported_le="x"} 22.00001
        r_count{exported_le="x"} 7

        """)
  }

  @Test("timers are in seconds, and say so in their name")
  func timer() {
    registry.describe("t_seconds", help: "T.", buckets: [0.001, 1])
    let timer = Timer(label: "t", preferredDisplayUnit: .milliseconds, factory: registry)
    timer.recordMilliseconds(1)
    timer.recordNanoseconds(-7)
    Timer(label: "t_seconds", factory: registry).recordSeconds(2)
    #expect(
      registry.text() == """
        # HELP t_seconds T.
        # TYPE t_seconds histogram
        t_seconds_bucket{le="0.001"} 2
        t_seconds_bucket{le="1"} 2
        t_seconds_bucket{le="+Inf"} 3
        t_seconds_sum 2.001
        t_seconds_count 3

        """)
  }

  @Test("a histogram that nobody described has the usual buckets")
  func standardBuckets() {
    Timer(label: "t", factory: registry).recordMilliseconds(30)
    let bounds = registry.text().split(separator: "\n").filter { $0.contains("_bucket") }
      .map { $0.split(separator: "\"")[1] }
    #expect(
      bounds == [
        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf",
      ])
    #expect(value(#"t_seconds_bucket{le="0.025"}"#) == "0")
    #expect(value(#"t_seconds_bucket{le="0.05"}"#) == "1")
  }

  // MARK: Identity

  @Test("the same name and dimensions, in whatever order, are one series")
  func identity() {
    for dimensions in [
      [("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")], [("b", "2"), ("c", ""), ("a", "1")],
    ] {
      Counter(label: "n", dimensions: dimensions, factory: registry).increment()
    }
    #expect(registry.text() == "# TYPE n_total counter\nn_total{a=\"1\",b=\"2\"} 3\n")
  }

  @Test("what is destroyed is gone, and its family with its last series")
  func destroy() {
    let first = Counter(label: "n", dimensions: [("scaler", "a")], factory: registry)
    let second = Counter(label: "n", dimensions: [("scaler", "b")], factory: registry)
    let gauge = Gauge(label: "g", factory: registry)
    let meter = Meter(label: "m", factory: registry)
    let timer = Timer(label: "t", factory: registry)
    let recorder = Recorder(label: "r", factory: registry)
    let fraction = FloatingPointCounter(label: "f", factory: registry)
    first.increment()
    first.destroy()
    gauge.destroy()
    meter.destroy()
    timer.destroy()
    recorder.destroy()
    fraction.destroy()
    #expect(registry.text() == "# TYPE n_total counter\nn_total{scaler=\"b\"} 0\n")
    second.destroy()
    #expect(registry.text() == "")
  }

  @Test("a series that comes back begins anew, and the old handler cannot take it away")
  func comeback() {
    let old = Counter(label: "n", factory: registry)
    old.increment(by: 5)
    old.destroy()
    let new = Counter(label: "n", factory: registry)
    old.increment()
    old.destroy()
    new.increment(by: 2)
    #expect(value("n_total") == "2")
  }

  // MARK: Problems

  @Test("one name has one type, and the first counts")
  func types() {
    let problems = Locked<[MetricProblem]>([])
    let registry = ExpositionTests.registry { problem in problems.withLock { $0.append(problem) } }
    Gauge(label: "x_total", factory: registry).record(1)
    for _ in 0..<3 { Counter(label: "x", factory: registry).increment() }
    Recorder(label: "x_total", factory: registry).record(1)
    #expect(
      registry.text() == refusedHead + """
        metrics_refused_series_total{family="x_total",reason="type"} 4
        # TYPE x_total gauge
        x_total 1

        """)
    #expect(problems.withLock { $0 } == [MetricProblem(family: "x_total", reason: .type)])
  }

  @Test(
    "no family writes samples under another's name, nor under the registry's own",
    arguments: ["h_sum", "h_count", "h_bucket", "process_open_fds", "metrics_refused_series_total"])
  func names(name: String) {
    let problems = Locked<[MetricProblem]>([])
    let registry = ExpositionTests.registry { problem in problems.withLock { $0.append(problem) } }
    Recorder(label: "h", factory: registry).record(1)
    let before = registry.text()
    Gauge(label: name, factory: registry).record(1)
    let refused = "metrics_refused_series_total{family=\"\(name)\",reason=\"name\"} 1\n"
    #expect(registry.text() == before + refusedHead + refused)
    #expect(problems.withLock { $0 } == [MetricProblem(family: name, reason: .name)])
  }

  @Test("and the other way round: a histogram is refused where a gauge has its count's name")
  func namesReversed() {
    Gauge(label: "h_count", factory: registry).record(1)
    Recorder(label: "h", factory: registry).record(1)
    #expect(value("h_count") == "1")
    #expect(value("h_sum") == nil)
    #expect(value(#"metrics_refused_series_total{family="h",reason="name"}"#) == "1")
  }

  @Test("a family has no more series than it may have; others are counted, and there is room again later")
  func limit() {
    let problems = Locked<[MetricProblem]>([])
    let registry = ExpositionTests.registry(seriesLimit: 2) { problem in
      problems.withLock { $0.append(problem) }
    }
    let counters = (0..<5).map { Counter(label: "n", dimensions: [("i", "\($0)")], factory: registry) }
    for counter in counters { counter.increment() }
    #expect(
      registry.text() == refusedHead + """
        metrics_refused_series_total{family="n_total",reason="limit"} 3
        # TYPE n_total counter
        n_total{i="0"} 1
        n_total{i="1"} 1

        """)
    #expect(problems.withLock { $0 } == [MetricProblem(family: "n_total", reason: .limit)])
    // One that was refused has nothing to take away.
    counters[4].destroy()
    counters[0].destroy()
    Counter(label: "n", dimensions: [("i", "9")], factory: registry).increment()
    #expect(registry.text().hasSuffix("n_total{i=\"1\"} 1\nn_total{i=\"9\"} 1\n"))
  }

  @Test("buckets that are told too late are a problem, and help is not")
  func lateDescription() {
    let problems = Locked<[MetricProblem]>([])
    let registry = ExpositionTests.registry { problem in problems.withLock { $0.append(problem) } }
    registry.describe("r", help: "First.", buckets: [1])
    Recorder(label: "r", factory: registry).record(1)
    registry.describe("r", help: "Second.", buckets: [1])
    #expect(problems.withLock { $0 } == [])
    registry.describe("r", help: "Third.", buckets: [2])
    Recorder(label: "r", dimensions: [("a", "1")], factory: registry).record(1)
    #expect(problems.withLock { $0 } == [MetricProblem(family: "r", reason: .buckets)])
    let text = registry.text()
    #expect(text.hasPrefix("# HELP r Third.\n") && text.contains(#"r_bucket{a="1",le="1"} 1"#))
    #expect(!text.contains(#"le="2""#))
  }

  // MARK: Threads

  @Test("no change is lost, whoever makes it, while others read and come and go", .timeLimit(.minutes(10)))
  func concurrency() async {
    let tasks = 16
    let rounds = 2_000
    let registry = registry
    await withDiscardingTaskGroup { group in
      for task in 0..<tasks {
        group.addTask {
          for round in 0..<rounds {
            Counter(label: "c", factory: registry).increment(by: 3)
            FloatingPointCounter(label: "f", factory: registry).increment(by: 0.5)
            Meter(label: "m", factory: registry).increment(by: 1.5)
            Recorder(label: "r", dimensions: [("task", "\(task % 4)")], factory: registry).record(round % 2)
            if round % 500 == 0 {
              let visitor = Gauge(label: "v", dimensions: [("task", "\(task)")], factory: registry)
              _ = registry.text()
              visitor.destroy()
            }
          }
        }
      }
    }
    let all = tasks * rounds
    #expect(value("c_total") == "\(all * 3)")
    #expect(value("f_total") == "\(all / 2)")
    #expect(value("m") == "\(all * 3 / 2)")
    for task in 0..<4 {
      #expect(value(#"r_sum{task="\#(task)"}"#) == "\(all / 8)")
      #expect(value(#"r_count{task="\#(task)"}"#) == "\(all / 4)")
      #expect(value(#"r_bucket{task="\#(task)",le="0.5"}"#) == "\(all / 8)")
    }
    #expect(!registry.text().contains("v{"))
  }
}
