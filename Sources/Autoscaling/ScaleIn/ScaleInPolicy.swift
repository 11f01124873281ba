/// How replicas are taken away without taking a busy worker.
public struct ScaleInPolicy: Sendable, Hashable {
  /// How a worker is kept from taking work while its pod is chosen.
  public enum Cordon: String, Sendable, Hashable, CaseIterable {
    /// By a drain order, for workers that know what it is. It ends by itself.
    case drain
    /// By rejecting the worker and approving it again, for any worker. Only the colony's owner may.
    case approval
    /// Not at all: a worker may take work between the last look and its end.
    case none
  }

  /// Which of its pods the target takes away.
  public enum VictimOrder: Sendable, Hashable {
    /// As a ReplicaSet does since Kubernetes 1.22: by condition, then by deletion cost.
    case deletionCost
    /// Any, as far as is known: then replicas are taken away only while every worker is out of service.
    case unknown
  }

  /// How a worker is kept from taking work.
  public var cordon: Cordon
  /// Whether there may be fewer replicas than busy workers. The ones that work for the shortest time go first.
  public var allowBusy: Bool
  /// Which of its pods the target takes away.
  public var victims: VictimOrder
  /// How long a deletion cost has been there before it is relied on. A ReplicaSet sees it some time after it was
  /// written; with 624 ms between the two the wrong pod has been seen to die (kubernetes issue 126138).
  public var settle: Duration
  /// How long a worker may take to take its drain order. After that, where orders go first, it counts as out of
  /// service all the same, for it will take the order before anything else; elsewhere as one that cannot be cordoned.
  public var cordonDeadline: Duration
  /// How long it may take from choosing workers to changing the replicas before everything is undone.
  public var attemptDeadline: Duration
  /// How long a failed attempt, or a worker that could not be cordoned, is left alone.
  public var retryAfter: Duration
  /// How long a pod may run without a worker that registers, or without being ready, before no other worker is
  /// expected to register. Without a worker it counts only where orders do not reach one that has not registered.
  public var startDeadline: Duration
  /// How long after a step one of its actions may still take effect: the time that carrying out all of them may take,
  /// and for the last one to arrive although nobody waits for its answer any more. Whoever begins to lead must begin
  /// that long after the last one led.
  public var requestDeadline: Duration
  /// The part of an order's lease that must be left when the replicas are changed: the time for the change to arrive
  /// (``requestDeadline``), for the target to delete the pods, and for their nodes to tell the workers.
  public var leaseMargin: Duration
  /// How long the target may take to delete pods before that is reported.
  public var removalDeadline: Duration

  /// Creates a policy.
  public init(
    cordon: Cordon = .drain, allowBusy: Bool = false, victims: VictimOrder = .deletionCost,
    settle: Duration = .milliseconds(1500), cordonDeadline: Duration = .seconds(10),
    attemptDeadline: Duration = .seconds(60), retryAfter: Duration = .seconds(60),
    startDeadline: Duration = .seconds(60), requestDeadline: Duration = .seconds(10),
    leaseMargin: Duration = .seconds(25),
    removalDeadline: Duration = .seconds(30)
  ) {
    self.cordon = cordon
    self.allowBusy = allowBusy
    self.victims = victims
    self.settle = settle
    self.cordonDeadline = cordonDeadline
    self.attemptDeadline = attemptDeadline
    self.retryAfter = retryAfter
    self.startDeadline = startDeadline
    self.requestDeadline = requestDeadline
    self.leaseMargin = leaseMargin
    self.removalDeadline = removalDeadline
  }

  /// The deletion cost of chosen pods: the lowest there is.
  public static let chosenCost = Int32.min
}
