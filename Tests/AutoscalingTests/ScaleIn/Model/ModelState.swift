/// Everything that can differ between two moments of the model: the cluster, the queue, what is on its way between
/// them and the controller, and what the controller knows and remembers. Time is counted in ticks, and all moments
/// are relative to now, so that there are finitely many states.
struct ModelState: Hashable {
  var pods: [ModelPod]
  /// Processes that wait at the queue.
  var waitingWork: UInt8 = 0
  /// The replicas that the target has been told.
  var replicas: UInt8
  /// The replicas that the ReplicaSet controller believes it has been told.
  var seenReplicas: UInt8
  /// The version of the target. Only the order of versions counts, so they are renumbered.
  var version: UInt8 = 0
  var message: ModelMessage?
  /// How many requests were late, the one that is under way included.
  var lateRequests: UInt8 = 0
  var controller = ModelController.idle
  /// How many ticks the controller's present round has taken.
  var roundAge: UInt8 = 0
  var memory = ModelMemory()
}

/// A place for a pod: its name. One pod after another may have it.
struct ModelPod: Hashable {
  enum Life: UInt8 {
    case absent
    /// Created; its worker has not registered.
    case starting
    case running
    /// Deleted; its worker does not know yet.
    case ending
  }

  var life: Life
  /// Tells a pod from the one that had the name before.
  var generation: UInt8 = 0
  var isCheap = false
  /// What was so when the last tick passed: the target sees this or what is so now.
  var wasCheap = false
  var wasReady: Bool
  /// Whether it has the cost of a busy pod.
  var isDear = false
  var isMarked = false
  var isRejected = false
  /// How many ticks its waiting order has left; 0 without one.
  var waitingOrder: UInt8 = 0
  /// How many ticks the lease of the order that it holds has left; 0 without one.
  var heldOrder: UInt8 = 0
  /// How many processes it works on.
  var work: UInt8 = 0

  var isActive: Bool { life == .starting || life == .running }
  var isRegistered: Bool { life == .running || life == .ending }

  static let absent = ModelPod(life: .absent, wasReady: false)
  static let idle = ModelPod(life: .running, wasReady: true)
}

/// Which pod: no two that anybody remembers have the same.
struct ModelUID: Hashable {
  let place: Int
  let generation: UInt8

  /// How many generations there are names for.
  static let generations: UInt8 = 3
}

/// An action, on its way.
enum ModelAction: Hashable {
  case mark(ModelUID, Bool)
  case cheapen(ModelUID, Bool)
  /// Only for the version of the pod that was looked at. The moves forget one when its pod has another.
  case makeDear(ModelUID, Bool)
  case cordon(ModelUID)
  case uncordon(ModelUID)
  case setReplicas(UInt8, version: UInt8)
}

/// An action of which the controller does not know what became of it: it arrives late, or never.
struct ModelMessage: Hashable {
  let action: ModelAction
  var ticksLeft: UInt8
}

/// Where the controller is in its round of looking and acting.
enum ModelController: Hashable {
  /// Nobody leads.
  case down
  case idle
  /// It has read the orders and registrations.
  case looked([ModelSight])
  /// It has read the rest and decided.
  case acting([ModelAction])
}

/// What is known of a worker at the queue.
struct ModelSight: Hashable {
  let generation: UInt8
  var isRegistered: Bool
  var isRejected: Bool
  var waitingOrder: UInt8
  var heldOrder: UInt8
  /// Only for the planted faults that read it too early.
  var isBusy: Bool
}

/// What the real memory holds, in ticks relative to now and by places of pods.
struct ModelMemory: Hashable {
  struct Pod: Hashable {
    let uid: ModelUID
    var readySince: Int8?
    var isCheap: Bool
    var costSince: Int8
    var cordoningSince: Int8?
    var cordonSent: Int8?
    var cordonsSent: UInt8
    var notCordonableUntil: Int8?
    var uncordonSent: Int8?
    var unmarkSent: Int8?
    var isCheapSent = false
    var costSent: Int8?
    var costUncertainUntil: Int8?
  }

  struct Change: Hashable {
    let replicas: UInt8
    var version: UInt8
    var at: Int8
  }

  var pods: [Pod] = []
  var change: Change?
  var balance: Int8 = 0
  var balanceSince: Int8?
  var attemptSince: Int8?
  var retryAt: Int8?
  /// For the planted fault that looks only once: who was busy in the round before.
  var wasBusy: [Bool] = []
}
