internal import Autoscaling
public import CoreMetrics
package import PrometheusMetrics

/// What the autoscaler counts and measures about itself. Names and units follow Prometheus' conventions.
public struct ControllerMetrics: Sendable {
  let factory: any MetricsFactory

  private let generation: Gauge
  private let reloadSucceeded: Gauge
  private let leader: Gauge

  /// Everything that is measured, with a help text for each.
  private static let help: [(name: String, text: String)] = [
    (Name.generation, "How many configurations have been in force."),
    (Name.reloadSucceeded, "Whether the newest configuration is in force (1) or was refused (0)."),
    (Name.leader, "Whether this process leads and may change replicas."),
    (Name.waiting, "Processes that wait for a worker, by the newest reading."),
    (Name.running, "Processes that workers hold, by the newest reading."),
    (Name.readingAge, "The age of the newest trusted reading of the queue at the newest decision."),
    (Name.demand, "Waiting and running processes together, as the newest decision took them."),
    (Name.current, "The replicas that were wanted before the newest decision."),
    (Name.desired, "The replicas that the newest decision wants."),
    (Name.decisions, "Decisions by reason."),
    (Name.targetErrors, "Failures to read or change a target, by kind."),
    (Name.changes, "Changes of a target that were made, by direction."),
    (Name.scaleInActions, "What was done to take workers away, by action and result."),
    (Name.scaleInFindings, "What became of workers that were chosen to go, and who else went."),
    (Name.cordonedWorkers, "Workers that are asked to take no work, to be taken away."),
    (Name.readingToChange, "The time from a reading of the queue to the change that follows from it."),
    (Name.decision, "The time that one decision took, with reading and changing the target."),
    (Name.queueRequests, "Requests to Colonies servers, by outcome."),
    (Name.apiRequests, "Requests to the Kubernetes API server, by method, resource and status code."),
  ]

  /// The buckets of the histograms, in seconds.
  private static let buckets: [Double] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30,
  ]

  private static let histograms = [Name.readingToChange, Name.decision]

  enum Name {
    static let prefix = "colonies_autoscaler_"
    static let generation = prefix + "configuration_generation"
    static let reloadSucceeded = prefix + "configuration_last_reload_successful"
    static let leader = prefix + "leader"
    static let waiting = prefix + "queue_waiting_processes"
    static let running = prefix + "queue_running_processes"
    static let readingAge = prefix + "queue_reading_age_seconds"
    static let demand = prefix + "demand_processes"
    static let current = prefix + "current_replicas"
    static let desired = prefix + "desired_replicas"
    static let decisions = prefix + "decisions_total"
    static let targetErrors = prefix + "target_errors_total"
    static let changes = prefix + "changes_total"
    static let scaleInActions = prefix + "scale_in_actions_total"
    static let scaleInFindings = prefix + "scale_in_findings_total"
    static let cordonedWorkers = prefix + "cordoned_workers"
    static let readingToChange = prefix + "reading_to_change_seconds"
    static let decision = prefix + "decision_seconds"
    static let queueRequests = prefix + "colonies_requests_total"
    static let apiRequests = prefix + "kubernetes_requests_total"
  }

  /// Measures with a factory, which keeps the numbers.
  public init(factory: any MetricsFactory) {
    self.factory = factory
    generation = Gauge(label: Name.generation, dimensions: [], factory: factory)
    reloadSucceeded = Gauge(label: Name.reloadSucceeded, dimensions: [], factory: factory)
    leader = Gauge(label: Name.leader, dimensions: [], factory: factory)
    // A process that never leads, and one that has no configuration, say so too.
    leader.record(0)
    generation.record(0)
  }

  /// Measures into a registry, which learns what is measured.
  package init(describedBy registry: PrometheusRegistry) {
    for (name, text) in Self.help {
      registry.describe(name, help: text, buckets: Self.histograms.contains(name) ? Self.buckets : nil)
    }
    self.init(factory: registry)
  }

  /// Measures nothing.
  public static let none = ControllerMetrics(factory: NOOPMetricsHandler.instance)

  func configuration(_ status: ConfigurationStatus) {
    generation.record(status.generation)
    reloadSucceeded.record(status.problem == nil ? 1 : 0)
  }

  func isLeading(_ isLeading: Bool) { leader.record(isLeading ? 1 : 0) }

  /// Counts a request to the API server.
  /// - Parameter code: The HTTP status, or a word when there was none.
  public func apiRequest(method: String, resource: String, code: String) {
    Counter(
      label: Name.apiRequests, dimensions: [("method", method), ("resource", resource), ("code", code)],
      factory: factory
    ).increment()
  }

  func queueRequest(server: String, outcome: String) {
    Counter(
      label: Name.queueRequests, dimensions: [("server", server), ("outcome", outcome)], factory: factory
    ).increment()
  }
}
