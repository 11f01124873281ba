internal import Autoscaling

/// A KEDA ScaledObject with one trigger that counts a queue, with KEDA's defaults (kedacore/keda:
/// pkg/scaling/executor/scale_scaledobjects.go, apis/keda/v1alpha1/scaledobject_types.go,
/// controllers/keda/hpa.go).
///
/// There are two loops. KEDA's own, every 30 s, goes from 0 to 1 replica when the metric is above the activation
/// threshold, and from any number to 0 when it was not for 300 s and no minimum is set. Between 1 and the
/// maximum a HorizontalPodAutoscaler that KEDA makes scales, which asks for the metric itself. A metric that
/// cannot be read changes nothing, as no fallback is set. When the trigger was last active is kept in the
/// object, and survives a restart.
public struct KEDAModel: AutoscalerModel {
  /// What a report calls it.
  public var name = "KEDA"
  /// The trigger's target; 1 unless set.
  public var target: Int {
    get { autoscaler.target }
    set { autoscaler.target = newValue }
  }
  /// `minReplicaCount`.
  public var min = 0 {
    didSet { autoscaler.min = Swift.max(min, 1) }
  }
  /// `maxReplicaCount`.
  public var max: Int {
    get { autoscaler.max }
    set { autoscaler.max = newValue }
  }
  /// What the trigger counts.
  public var metric: QueueMetric {
    get { autoscaler.metric }
    set { autoscaler.metric = newValue }
  }
  /// `pollingInterval`.
  public var pollingInterval = Duration.seconds(30)
  /// `cooldownPeriod`.
  public var cooldownPeriod = Duration.seconds(300)
  /// The trigger's activation threshold: it is active above it.
  public var activationThreshold = 0

  private var autoscaler: HorizontalPodAutoscalerModel
  private var lastActive: ScalingInstant?

  /// Creates a model with the defaults.
  public init(max: Int) { autoscaler = HorizontalPodAutoscalerModel(max: max) }

  /// KEDA's own loop, and the HorizontalPodAutoscaler's.
  public var loops: [AutoscalerLoop] { [AutoscalerLoop(period: pollingInterval)] + autoscaler.loops }

  /// Goes through one of the loops once.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    guard loop == 0 else { return autoscaler.decide(loop: 0, view) }
    guard let value = metric.value(view.observation) else { return .none }
    if value > activationThreshold {
      lastActive = view.now
      return view.wantedReplicas == 0 ? .replicas(Swift.max(min, 1)) : .none
    }
    if min > 0 { return view.wantedReplicas < min ? .replicas(min) : .none }
    guard view.wantedReplicas > 0 else { return .none }
    if let lastActive, lastActive.advanced(by: cooldownPeriod) >= view.now { return .none }
    return .replicas(0)
  }

  /// The HorizontalPodAutoscaler forgets its recommendations.
  public mutating func restart() { autoscaler.restart() }
}
