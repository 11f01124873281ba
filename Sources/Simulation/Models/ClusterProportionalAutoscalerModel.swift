internal import Autoscaling

/// The cluster-proportional-autoscaler in its linear mode, with the queue's length in the place of the cluster's
/// cores (kubernetes-sigs/cluster-proportional-autoscaler:
/// pkg/autoscaler/controller/linearcontroller/linear_controller.go, pkg/autoscaler/autoscaler_server.go,
/// cmd/cluster-proportional-autoscaler/options/options.go).
///
/// Every 10 s: ⌈metric ÷ processes per replica⌉ replicas, within the bounds; no tolerance, no windows, no rates. It
/// counts nodes and cores and knows no queue: the model shows what its formula would do with one. A metric
/// that cannot be read changes nothing.
public struct ClusterProportionalAutoscalerModel: AutoscalerModel {
  /// What a report calls it.
  public var name = "CPA"
  /// `coresPerReplica`, in processes; 1 unless set.
  public var processesPerReplica = 1
  /// `min`; 1 unless set, also when 0 is asked for.
  public var min = 1
  /// `max`.
  public var max: Int
  /// What is counted.
  public var metric = QueueMetric.waitingAndRunning
  /// `--poll-period-seconds`.
  public var pollPeriod = Duration.seconds(10)

  /// Creates a model with the defaults.
  public init(max: Int) { self.max = max }

  /// One loop.
  public var loops: [AutoscalerLoop] { [AutoscalerLoop(period: pollPeriod)] }

  /// Polls once.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    guard let value = metric.value(view.observation) else { return .none }
    let needed = value / processesPerReplica + (value % processesPerReplica > 0 ? 1 : 0)
    let replicas = Swift.max(Swift.min(needed, max), Swift.max(min, 1))
    return replicas == view.wantedReplicas ? .none : .replicas(replicas)
  }

  /// It remembers nothing.
  public mutating func restart() {}
}
