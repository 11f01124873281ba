/// One thing to do, with effects. To be carried out in order; when one fails or its outcome is not known, those
/// behind it are left out, and the next observation decides anew.
public enum ScaleInAction: Sendable, Hashable {
  /// Write the annotation ``ScaleInMark/annotation`` of a pod; nil removes it. The pod must have the uid still.
  case mark(ScaleInPodReference, ScaleInMark?)
  /// Write `controller.kubernetes.io/pod-deletion-cost` of a pod; nil removes it. The pod must have the uid still.
  case setDeletionCost(ScaleInPodReference, Int32?)
  /// Keep the worker of a pod from taking work: submit a drain order addressed to it, or reject it. An order may
  /// be there already: then this one follows it.
  case cordon(ScaleInWorkerReference)
  /// Let the worker of a pod take work again: cancel all its drain orders that were observed, by their ids, so that
  /// a cancellation that arrives late does not hit a later order; or approve it.
  case uncordon(ScaleInWorkerReference)
  /// Cancel a drain order whose worker is gone.
  case cancelOrder(id: String)
  /// Set the replicas, provided that the target has this revision still.
  case setReplicas(Int, revision: String)
}

/// A pod, by name and identity.
public struct ScaleInPodReference: Sendable, Hashable {
  /// Its name.
  public let name: String
  /// Its identity.
  public let uid: String

  /// Names a pod.
  public init(name: String, uid: String) {
    self.name = name
    self.uid = uid
  }
}

/// A worker, by the name of its pod.
public struct ScaleInWorkerReference: Sendable, Hashable {
  /// Its name, and its pod's.
  public let name: String
  /// Its identity at the queue; nil when it has not registered yet.
  public let executorID: String?

  /// Names a worker.
  public init(name: String, executorID: String?) {
    self.name = name
    self.executorID = executorID
  }
}

/// What is to be done now, and what is waited for.
public struct ScaleInStep: Sendable, Hashable {
  /// What to do now, in order.
  public let actions: [ScaleInAction]
  /// What to write after all actions, as far as there is time. Nothing depends on it: what fails is left out.
  public let busyCosts: [ScaleInBusyCost]
  /// Why there are still more replicas than wanted; empty when there are not.
  public let obstacles: [ScaleInObstacle]
  /// What became of the pods that were chosen before.
  public let findings: [ScaleInFinding]
  /// The names of the pods that are chosen to go.
  public let chosen: [String]
  /// Whether anything is under way: then it is worth looking again soon.
  public let isUnderWay: Bool

  /// Describes a step.
  public init(
    actions: [ScaleInAction], busyCosts: [ScaleInBusyCost] = [], obstacles: [ScaleInObstacle] = [],
    findings: [ScaleInFinding] = [], chosen: [String] = [], isUnderWay: Bool = false
  ) {
    self.actions = actions
    self.busyCosts = busyCosts
    self.obstacles = obstacles
    self.findings = findings
    self.chosen = chosen
    self.isUnderWay = isUnderWay
  }
}

/// Why there are still more replicas than wanted.
public enum ScaleInObstacle: Sendable, Hashable {
  /// This part of the observation is missing, and unknown takes nothing away.
  case unknown(Part)
  /// So many workers are busy.
  case workersBusy(Int)
  /// Of so many workers it is not known whether they are busy.
  case workersUnknown(Int)
  /// Pods of so many ReplicaSets: it cannot be said which of them lose replicas.
  case rollout(replicaSets: Int)
  /// So many workers have been told to take no more work and have not confirmed it.
  case cordoning(Int)
  /// The deletion costs have to be seen before they can be relied on; `until` is when that is so, nil before they
  /// have been written.
  case settling(until: ScalingInstant?)
  /// The replicas have been changed, and so many pods are still to be deleted, since this moment.
  case removing(Int, since: ScalingInstant)
  /// It is not known what became of a change of the replicas.
  case changePending(until: ScalingInstant)
  /// Of so many pods it is not known which worker they are, and neither is everything idle nor is their grace
  /// period longer than the longest process.
  case unmappedWorkers(Int)
  /// So many idle workers cannot be kept from taking work, and their grace period is not longer than the longest
  /// process.
  case notCordonable(Int)
  /// So many workers will register in a moment.
  case starting(Int)
  /// The pod with this name would go first because it is not ready, and may not.
  case notReady(pod: String)
  /// Somebody else gave the pod with this name the lowest deletion cost.
  case foreignCost(pod: String)
  /// An attempt took too long and was undone; the next begins at this moment.
  case retrying(at: ScalingInstant)

  /// A part of an observation.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    case target
    case pods
    case workers
    case orders
  }

  /// A stable name for logs and JSON.
  public var code: String {
    switch self {
    case .unknown: "unknown"
    case .workersBusy: "workersBusy"
    case .workersUnknown: "workersUnknown"
    case .rollout: "rollout"
    case .cordoning: "cordoning"
    case .settling: "settling"
    case .removing: "removing"
    case .changePending: "changePending"
    case .unmappedWorkers: "unmappedWorkers"
    case .notCordonable: "notCordonable"
    case .starting: "starting"
    case .notReady: "notReady"
    case .foreignCost: "foreignCost"
    case .retrying: "retrying"
    }
  }
}

/// What became of a chosen pod.
public enum ScaleInFinding: Sendable, Hashable {
  /// A chosen pod goes.
  case removed(pod: String)
  /// A pod goes that was not chosen; nil when it is not known whether its worker was busy.
  case removedInstead(pod: String, wasBusy: Bool?)
  /// A chosen pod stays, and its worker is let free.
  case survived(pod: String)
  /// A worker did not take its drain order, or did not hold it.
  case didNotDrain(worker: String)
  /// A chosen worker took work before it was out of service: another is chosen.
  case tookWork(worker: String)
}
