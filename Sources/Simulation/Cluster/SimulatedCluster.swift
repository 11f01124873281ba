/// The cluster that a simulated worker pool runs in, as far as it matters for scaling.
///
/// One pod is one worker, and a worker has one process at a time. Nodes are not modelled: every pod finds one.
public struct SimulatedCluster: Sendable, Hashable {
  /// From a pod's creation until its worker asks for work; 10 seconds unless set.
  public var startUp = StartUpDistribution.constant(.seconds(10))
  /// How many pods a second may be created for long; nil for any number. 20 unless set: the requests a second
  /// that kube-controller-manager allows itself
  /// (kubernetes/kubernetes:pkg/controller/apis/config/v1alpha1/defaults.go), and the churn that Kubernetes'
  /// own scalability tests stop at (kubernetes/community:sig-scalability/slos/slos.md).
  public var podsCreatedPerSecond: Double? = 20
  /// How many pods may be created at once after a pause; 30 unless set, from the same defaults.
  public var podCreationBurst = 30
  /// How long a pod that is removed may go on with its process before it is killed; 30 seconds unless set,
  /// Kubernetes' default.
  public var gracePeriod = Duration.seconds(30)
  /// Whether the order in which pods are removed heeds `controller.kubernetes.io/pod-deletion-cost`, as
  /// ReplicaSets do from Kubernetes 1.22 on.
  public var honorsDeletionCost = true
  /// How long a change of the replicas takes until the ReplicaSet acts on it; 20 milliseconds unless set.
  public var apiLatency = Duration.milliseconds(20)
  /// How many replicas there are at the beginning, ready and idle, if the autoscaler can begin with
  /// so few; 0 unless set, ``mostReplicas`` at most.
  public var initialReplicas = 0

  /// The most replicas that there can be.
  public static let mostReplicas = 1_000_000

  /// Creates a cluster with the defaults.
  public init() {}
}
