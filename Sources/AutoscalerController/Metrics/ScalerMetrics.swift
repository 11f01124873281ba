internal import Autoscaling
internal import CoreMetrics

/// The numbers of one scaler, which go when it goes. There is none of them before the first decision, when the
/// scaler that had the name before is gone with its own.
struct ScalerMetrics: Sendable {
  private typealias Name = ControllerMetrics.Name

  private let scaler: String
  private let factory: any MetricsFactory
  private var gauges: [String: Gauge] = [:]
  private var counters: [[String]: Counter] = [:]
  private var timers: [String: CoreMetrics.Timer] = [:]

  init(_ metrics: ControllerMetrics, scaler: String) {
    self.scaler = scaler
    factory = metrics.factory
  }

  /// Takes in a decision that was carried out.
  /// - Parameter took: The time it took.
  mutating func record(_ explanation: Explanation, took: Duration) {
    if let reading = explanation.newestReading {
      set(Name.waiting, reading.waiting)
      set(Name.running, reading.running)
    }
    if case .demand(let demand) = explanation.basis { set(Name.demand, demand.reading.demand) }
    if let age = explanation.readingAge { set(Name.readingAge, age / .seconds(1)) }
    set(Name.current, explanation.current)
    set(Name.desired, explanation.replicas)
    count(Name.decisions, ("reason", explanation.reason.rawValue))
    measure(Name.decision, took)
  }

  /// Takes in that a target was changed.
  /// - Parameter since: The time since the reading that led to it; nil when none did.
  mutating func recordChange(_ direction: Decision.Direction, since: Duration?) {
    count(Name.changes, ("direction", direction.rawValue))
    if let since { measure(Name.readingToChange, since) }
  }

  mutating func record(_ error: TargetError) { count(Name.targetErrors, ("code", error.code.rawValue)) }

  /// Counts one thing that a scale-in did, or could not do.
  mutating func countScaleInAction(_ action: String, result: String) {
    count(Name.scaleInActions, ("action", action), ("result", result))
  }

  /// Counts what became of a worker that was chosen to go, or of another that went.
  mutating func countFinding(_ finding: String) { count(Name.scaleInFindings, ("finding", finding)) }

  mutating func setCordonedWorkers(_ number: Int) { set(Name.cordonedWorkers, number) }

  /// Forgets the scaler's numbers: nobody is to believe that they still hold.
  mutating func destroy() {
    for gauge in gauges.values { gauge.destroy() }
    for counter in counters.values { counter.destroy() }
    for timer in timers.values { timer.destroy() }
    gauges = [:]
    counters = [:]
    timers = [:]
  }

  private mutating func set(_ name: String, _ value: some BinaryInteger) { set(name, Double(value)) }

  private mutating func set(_ name: String, _ value: Double) {
    let gauge = gauges[name] ?? Gauge(label: name, dimensions: [("scaler", scaler)], factory: factory)
    gauges[name] = gauge
    gauge.record(value)
  }

  private mutating func measure(_ name: String, _ duration: Duration) {
    let timer = timers[name] ?? Timer(label: name, dimensions: [("scaler", scaler)], factory: factory)
    timers[name] = timer
    timer.recordNanoseconds(duration.wholeNanoseconds)
  }

  private mutating func count(_ name: String, _ labels: (String, String)...) {
    let key = [name] + labels.map(\.1)
    let counter =
      counters[key] ?? Counter(label: name, dimensions: [("scaler", scaler)] + labels, factory: factory)
    counters[key] = counter
    counter.increment()
  }
}

extension Explanation {
  /// How old the reading was that the decision relied on, or, while the queue is unknown, the last trusted one.
  fileprivate var readingAge: Duration? {
    switch basis {
    case .demand(let demand): demand.reading.observedAt.duration(to: decidedAt)
    case .unknown(let unknown): unknown.lastKnownAt?.duration(to: decidedAt)
    }
  }
}

extension Duration {
  fileprivate var wholeNanoseconds: Int64 { Int64(clamping: Int((self / .nanoseconds(1)).rounded())) }
}
