internal import Simulation

/// Other autoscalers that there are models of.
enum Rival: String, CaseIterable, Sendable {
  case hpa, keda, wpa, cpa

  /// What all of them are told, beside their defaults.
  struct Settings: Sendable {
    var min: Int
    var max: Int
    /// How many processes a replica is for.
    var target: Int
    var metric: QueueMetric
  }

  func policy(_ settings: Settings) -> RehearsedPolicy {
    switch self {
    case .hpa:
      settings.policy(
        HorizontalPodAutoscalerModel(max: settings.max), atLeast: 1,
        "Kubernetes' HorizontalPodAutoscaler with an external metric",
        "every 15 s, tolerance 10 %, at most 4 more or double, shrinks after 300 s")
    case .keda:
      settings.policy(
        KEDAModel(max: settings.max), atLeast: 0, "KEDA's ScaledObject",
        "every 30 s between 0 and 1, the HorizontalPodAutoscaler above; to 0 after 300 s without work")
    case .wpa:
      settings.policy(
        WorkerPodAutoscalerModel(max: settings.max), atLeast: 0, "Practo's worker-pod-autoscaler",
        "polls every 20 s, acts every 20 s, shrinks 600 s after the last change")
    case .cpa:
      settings.policy(
        ClusterProportionalAutoscalerModel(max: settings.max), atLeast: 1,
        "cluster-proportional-autoscaler, linear, with processes for cores",
        "every 10 s, nothing holds it back")
    }
  }
}

extension Rival.Settings {
  /// A model that was told them.
  /// - Parameter fewest: The fewest replicas that it can have.
  fileprivate func policy(
    _ defaults: some RivalModel, atLeast fewest: Int, _ name: String, _ rules: String
  ) -> RehearsedPolicy {
    var model = defaults
    model.min = Swift.max(min, fewest)
    model.target = target
    model.metric = metric
    let processes = target == 1 ? "1 process" : "\(target) processes"
    let counted = metric == .waiting ? "waiting" : "waiting and running"
    return RehearsedPolicy(
      name: model.name,
      description: "\(name): \(processes) a replica, \(counted), \(model.min) to \(max); \(rules)",
      model: model, policy: nil)
  }
}

/// What the models have in common.
private protocol RivalModel: AutoscalerModel {
  var min: Int { get set }
  /// How many processes a replica is for.
  var target: Int { get set }
  var metric: QueueMetric { get set }
}

extension HorizontalPodAutoscalerModel: RivalModel {}
extension KEDAModel: RivalModel {}
extension WorkerPodAutoscalerModel: RivalModel {}
extension ClusterProportionalAutoscalerModel: RivalModel {
  fileprivate var target: Int {
    get { processesPerReplica }
    set { processesPerReplica = newValue }
  }
}
