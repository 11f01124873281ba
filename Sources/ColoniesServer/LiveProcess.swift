internal import Colonies

/// What a process asks of its worker beside the type.
struct Demand: Sendable, Hashable {
  /// Thousandths of a core.
  var milliCPU = 0
  /// MiB.
  var memory = 0
  var gpus = 0
  /// Lower case; empty is anywhere.
  var location = ""
}

/// A worker that a process is addressed to.
enum Target: Sendable, Hashable {
  /// Runtime API.
  case id(String)
  /// Executor API.
  case name(String)
}

/// A worker asking for a process, with what it offers.
struct WorkerOffer: Sendable, Hashable {
  var id: String
  var name: String
  var colonyID: String
  var type: String
  /// Thousandths of a core; nil is no limit.
  var milliCPU: Int?
  /// MiB; nil is no limit.
  var memory: Int?
  /// nil is no limit.
  var gpus: Int?
  /// Lower case.
  var location = ""

  func satisfies(_ demand: Demand) -> Bool {
    demand.milliCPU <= milliCPU ?? .max && demand.memory <= memory ?? .max && demand.gpus <= gpus ?? .max
      && (demand.location.isEmpty || demand.location == location)
  }

  /// The targets that mean this worker.
  var targets: [Target] { [.id(id), .name(name)] }

  /// Whether this worker may take a process.
  func mayTake(_ process: LiveProcess) -> Bool {
    process.colonyID == colonyID && process.executorType == type && satisfies(process.demand)
      && (process.targets.isEmpty || targets.contains(where: process.targets.contains))
  }
}

/// A process that is waiting or running, with just what the queue's rules need. Everything else about it is
/// in the store.
struct LiveProcess: Sendable, Hashable {
  /// Who holds a process since when.
  struct Assignment: Sendable, Hashable {
    var executorID: String
    var startTime: Timestamp
    /// When the process goes back to the queue; nil is never.
    var deadline: Timestamp?
  }

  /// Unique, and in the order of submission.
  let sequence: Int64
  let id: String
  let colonyID: String
  let executorType: String
  let priorityTime: Int64
  let demand: Demand
  /// Empty is any worker.
  let targets: [Target]
  /// Seconds that one attempt may take; nil is without limit.
  let lease: Int?
  /// How many attempts may expire before the process fails; nil is without limit.
  let retryLimit: Int?
  /// Seconds that it may wait; nil is without limit.
  let maxWait: Int?
  /// When it fails if it still waits.
  var waitDeadline: Timestamp?
  /// Attempts that expired.
  var retries = 0
  /// How often it was assigned. With the holder it tells a worker's attempt from a later one.
  var attempt = 0
  /// nil while it waits.
  var assignment: Assignment?

  var position: QueuePosition { QueuePosition(priorityTime: priorityTime, sequence: sequence) }
  var state: ProcessState { assignment == nil ? .waiting : .running }
}
