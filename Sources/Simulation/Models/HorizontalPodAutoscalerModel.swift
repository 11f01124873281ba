internal import Autoscaling

/// A HorizontalPodAutoscaler with one external metric of type `AverageValue` and no `behavior`, as of Kubernetes
/// 1.36 (kubernetes/kubernetes:pkg/controller/podautoscaler/horizontal.go and replica_calculator.go; defaults in
/// pkg/controller/podautoscaler/config/v1alpha1/defaults.go).
///
/// Every 15 s: metric ÷ (target × pods) within 10 % of 1 keeps the pods, otherwise ⌈metric ÷ target⌉ are
/// recommended. The highest recommendation of the last 300 s is followed, up to the larger of 4 and twice the
/// replicas. A metric that cannot be read changes nothing; neither does anything while 0 replicas are wanted.
/// Recommendations are kept in memory: after a restart the present number stands for them.
///
/// The adapter that serves the metric is taken to add no delay.
public struct HorizontalPodAutoscalerModel: AutoscalerModel {
  /// What a report calls it.
  public var name = "HPA"
  /// The metric's target per pod (`averageValue`); 1 unless set.
  public var target = 1
  /// `minReplicas`; 1 unless set, and at least 1.
  public var min = 1
  /// `maxReplicas`.
  public var max: Int
  /// What the metric counts.
  public var metric = QueueMetric.waitingAndRunning
  /// `--horizontal-pod-autoscaler-sync-period`.
  public var syncPeriod = Duration.seconds(15)
  /// `--horizontal-pod-autoscaler-tolerance`.
  public var tolerance = 0.1
  /// `--horizontal-pod-autoscaler-downscale-stabilization`.
  public var downscaleStabilization = Duration.seconds(300)

  private struct Recommendation: Sendable {
    let at: ScalingInstant
    let replicas: Int
  }

  private var recommendations: [Recommendation] = []

  /// Creates a model with the defaults.
  public init(max: Int) { self.max = max }

  /// One loop.
  public var loops: [AutoscalerLoop] { [AutoscalerLoop(period: syncPeriod)] }

  /// Its minimum: from 0 it does nothing.
  public var initialReplicas: Int { min }

  /// Reconciles once.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    let current = view.wantedReplicas
    if recommendations.isEmpty { recommendations.append(Recommendation(at: view.now, replicas: current)) }
    guard current > 0 else { return .none }
    if current > max { return .replicas(max) }
    if current < min { return .replicas(min) }
    guard let value = metric.value(view.observation) else { return .none }
    let recommended = recommendation(value, pods: view.pods)
    let stabilized = stabilize(recommended, at: view.now)
    // `scaleUpLimitFactor` and `scaleUpLimitMinimum`.
    let limit = Swift.min(max, Swift.max(2 * current, 4))
    let replicas = Swift.min(Swift.max(stabilized, min), limit)
    return replicas == current ? .none : .replicas(replicas)
  }

  private func recommendation(_ value: Int, pods: Int) -> Int {
    if pods > 0 {
      let ratio = Double(value) / (Double(target) * Double(pods))
      if ratio >= 1 - tolerance, ratio <= 1 + tolerance { return pods }
    }
    return value / target + (value % target > 0 ? 1 : 0)
  }

  private mutating func stabilize(_ replicas: Int, at now: ScalingInstant) -> Int {
    let cutoff = now.advanced(by: .zero - downscaleStabilization)
    recommendations.removeAll { $0.at < cutoff }
    let highest = recommendations.reduce(replicas) { Swift.max($0, $1.replicas) }
    recommendations.append(Recommendation(at: now, replicas: replicas))
    return highest
  }

  /// Forgets the recommendations.
  public mutating func restart() { recommendations = [] }
}
