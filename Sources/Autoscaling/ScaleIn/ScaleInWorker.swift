/// A registered worker of the scaler's type, as it was seen.
public struct ScaleInWorker: Sendable, Hashable {
  /// What the colony's owner decided about it.
  public enum Registration: Sendable, Hashable {
    /// Nothing yet: it cannot take work.
    case pending
    /// It may take work.
    case approved
    /// It cannot take work, nor close what it holds.
    case rejected
  }

  /// The name it registered under, without what a worker adds to a name that is taken: its pod's, where it is known
  /// which pod it is, and then the newest worker of that pod. Several that are in no known pod may have one name.
  public let name: String
  /// Its identity at the queue.
  public let executorID: String
  /// What the colony's owner decided about it.
  public let registration: Registration
  /// Whether it, or an older worker of its pod, holds a running process other than a drain order; nil when that is not
  /// known, as for a worker that is not on a list that was cut off.
  public let isBusy: Bool?
  /// Whether another worker lives in its pod, which no order to this one keeps from taking work.
  public let sharesPod: Bool
  /// When the oldest of these processes began; nil when there are none, or it is not known.
  public let busySince: ScalingInstant?
  /// When it was last known to be busy; nil when it is not known.
  public let lastBusy: ScalingInstant?
  /// When it last asked for work, by the server's clock, since the beginning of 1970; nil when it is not known. Only to
  /// be compared with other such times: the clock here may show another time.
  public let lastHeard: Duration?

  /// Describes a worker.
  public init(
    name: String, executorID: String, registration: Registration = .approved, isBusy: Bool?,
    sharesPod: Bool = false, busySince: ScalingInstant? = nil, lastBusy: ScalingInstant? = nil,
    lastHeard: Duration? = nil
  ) {
    self.name = name
    self.executorID = executorID
    self.registration = registration
    self.isBusy = isBusy
    self.sharesPod = sharesPod
    self.busySince = busySince
    self.lastBusy = lastBusy
    self.lastHeard = lastHeard
  }
}

/// A drain order that has not ended, as it was seen at the queue.
public struct ScaleInOrder: Sendable, Hashable {
  /// Where it is in its life.
  public enum State: Sendable, Hashable {
    /// Nobody has taken it yet; `until` is when it fails if nobody does, nil when that never happens.
    case waiting(until: ScalingInstant?)
    /// The worker with this identity holds it until the end of its lease; nil when it has none.
    case held(by: String, until: ScalingInstant?)
  }

  /// The process's id.
  public let id: String
  /// The name of the worker that it is addressed to.
  public let worker: String
  /// Where it is in its life.
  public let state: State
  /// Whether the worker that is registered may take it. A container that starts again registers a worker of another
  /// name, which orders to the one before do not reach.
  public let reachesWorker: Bool

  /// Describes an order.
  public init(id: String, worker: String, state: State, reachesWorker: Bool = true) {
    self.id = id
    self.worker = worker
    self.state = state
    self.reachesWorker = reachesWorker
  }
}
