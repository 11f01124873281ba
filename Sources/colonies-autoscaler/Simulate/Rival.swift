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
    let target = settings.target == 1 ? "1 process" : "\(settings.target) processes"
    let counted = settings.metric == .waiting ? "waiting" : "waiting and running"
    func described(_ name: String, _ model: any AutoscalerModel, _ lowest: Int, _ rest: String)
      -> RehearsedPolicy
    {
      RehearsedPolicy(
        name: model.name,
        description: "\(name): \(target) a replica, \(counted), \(lowest) to \(settings.max); \(rest)",
        model: model,
        policy: nil)
    }
    switch self {
    case .hpa:
      var model = HorizontalPodAutoscalerModel(max: settings.max)
      model.min = max(settings.min, 1)
      model.target = settings.target
      model.metric = settings.metric
      return described(
        "Kubernetes' HorizontalPodAutoscaler with an external metric", model, model.min,
        "every 15 s, tolerance 10 %, at most 4 more or double, shrinks after 300 s")
    case .keda:
      var model = KEDAModel(max: settings.max)
      model.min = settings.min
      model.target = settings.target
      model.metric = settings.metric
      return described(
        "KEDA's ScaledObject", model, settings.min,
        "every 30 s between 0 and 1, the HorizontalPodAutoscaler above; to 0 after 300 s without work")
    case .wpa:
      var model = WorkerPodAutoscalerModel(max: settings.max)
      model.min = settings.min
      model.target = settings.target
      model.metric = settings.metric
      return described(
        "Practo's worker-pod-autoscaler", model, settings.min,
        "polls every 20 s, acts every 20 s, shrinks 600 s after the last change")
    case .cpa:
      var model = ClusterProportionalAutoscalerModel(max: settings.max)
      model.min = max(settings.min, 1)
      model.processesPerReplica = settings.target
      model.metric = settings.metric
      return described(
        "cluster-proportional-autoscaler, linear, with processes for cores", model, model.min,
        "every 10 s, nothing holds it back")
    }
  }
}
