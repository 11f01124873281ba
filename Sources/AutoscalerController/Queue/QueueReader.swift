internal import Colonies

/// Whoever can say how a colony's queue is.
///
/// Drain orders are in the queue, but they are no work: nothing here counts them.
protocol QueueReader: Sendable {
  /// Counts the colony's processes, in one call, or a few while drain orders are out.
  /// - Parameter types: The executor types whose workers may have been given orders by a controller that is
  ///   gone: they are looked for once.
  func counts(orderedTypes types: Set<String>) async throws -> QueueCounts
  /// Lists the processes of one executor type that are in a state.
  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing
  /// How long those of the newest successful processes took that are of one executor type, from start to end.
  func serviceTimes(executorType: String) async throws -> [Duration]
}

/// How many processes a colony has.
struct QueueCounts: Sendable, Hashable {
  var waiting: Int
  var running: Int
  /// All that ever ended.
  var finished: Int
}

/// A list of processes, of which servers give only the first.
struct ProcessListing: Sendable, Hashable {
  /// How many are listed.
  var count: Int
  /// The ids of the executors that hold them, or held them when they ended.
  var executors: Set<String>
  /// Whether there are no others.
  var isComplete: Bool
  /// The drain orders among what was listed; not counted.
  var orders: [ListedOrder] = []
  /// When the first of the processes that run began, by the ids of their executors.
  var starts: [String: Timestamp] = [:]
  /// When the last of the processes that have ended did so, by the ids of their executors.
  var lastEnds: [String: Timestamp] = [:]
  /// How long one attempt of any of them may take, in seconds; nil when that of one has no limit.
  var longestLease: Int?
}

/// A drain order that was found in a list.
struct ListedOrder: Sendable, Hashable {
  let id: String
  /// Who is to take nothing more: a name, or, in the runtime API, an id.
  let addressee: String
  /// Where the order is in its life.
  let standing: OrderStanding
  /// When it ends by itself: if nobody takes it, or whoever holds it does not close it.
  let end: Timestamp?
}

/// Where a drain order is in its life.
enum OrderStanding: Sendable, Hashable {
  /// Its worker has not taken it yet.
  case waiting
  /// A worker, by its id, holds it, and so takes nothing else.
  case held(by: String)
  /// It binds nobody any more.
  case ended

  init(_ process: Process) {
    self =
      switch process.state {
      case .waiting: .waiting
      case .running: .held(by: process.assignedExecutorID)
      case .successful, .failed, .cancelled: .ended
      }
  }
}
