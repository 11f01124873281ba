/// What is known about one target, its pods and their workers. What could not be learned is nil, and takes nothing
/// away.
///
/// The order of reading matters, for nothing is read at one moment: whether a worker is busy
/// (``ScaleInWorker/isBusy``) must have been read *after* its registration and its orders, or together with them in
/// one answer. Only then does "holds the order and no work" say that it will take none: who was seen to be out of
/// service first and idle later has stayed so.
public struct ScaleInObservation: Sendable, Hashable {
  /// The object whose replicas are set.
  public struct Target: Sendable, Hashable {
    /// The replicas that are wanted now (`spec.replicas`).
    public let replicas: Int
    /// The version of the object that this was read from; a change that is based on it must be refused when the
    /// object has another.
    public let revision: String

    /// Describes a target.
    public init(replicas: Int, revision: String) {
      self.replicas = replicas
      self.revision = revision
    }
  }

  /// The object whose replicas are set.
  public let target: Target?
  /// The pods of the target, those that are ending included, without those that have ended.
  public let pods: [ScaleInPod]?
  /// All registered workers of the scaler's type, wherever they run.
  public let workers: [ScaleInWorker]?
  /// The drain orders that have not ended, to workers of the target's pods and of pods of its that are gone.
  public let orders: [ScaleInOrder]?
  /// The names of pods under which a worker was registered that is not any more. Under which name the next one of
  /// such a pod will register is not known, so no order reaches it before.
  public let usedNames: Set<String>
  /// The names of the workers that no pod of the target can have, as `somebody`: any pod without a worker may be where
  /// one of them runs. What a name begins with does not say it: `fibonacci-somebody` is no pod of `fibonacci`, either.
  public let strangers: Set<String>
  /// How long a pod has to end by itself; nil when it is not known.
  public let gracePeriod: Duration?
  /// How long a process may run at most, of all that workers hold and that wait for one; nil without limit, when it is
  /// not known, and when there are none, which says nothing about the next one.
  public let longestProcess: Duration?
  /// Whether a drain order is the next thing that its worker takes, also one that registers after it was given: true
  /// in the executor API, where the address is a name and orders go first.
  public let ordersGoFirst: Bool
  /// Whether workers let the queue hear from them also while they work: true in the executor API.
  public let busyAreHeard: Bool

  /// Describes what is known.
  public init(
    target: Target?, pods: [ScaleInPod]?, workers: [ScaleInWorker]?, orders: [ScaleInOrder]?,
    usedNames: Set<String> = [], strangers: Set<String>, gracePeriod: Duration? = nil,
    longestProcess: Duration? = nil,
    ordersGoFirst: Bool = true, busyAreHeard: Bool = true
  ) {
    self.target = target
    self.pods = pods
    self.workers = workers
    self.orders = orders
    self.usedNames = usedNames
    self.strangers = strangers
    self.gracePeriod = gracePeriod
    self.longestProcess = longestProcess
    self.ordersGoFirst = ordersGoFirst
    self.busyAreHeard = busyAreHeard
  }

  /// Whether whatever a worker does can end within the time that its pod has for ending.
  var graceCoversWork: Bool {
    guard let gracePeriod, let longestProcess else { return false }
    return longestProcess < gracePeriod
  }
}
