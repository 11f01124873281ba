internal import Colonies

/// Whoever can say how a colony's queue is.
protocol QueueReader: Sendable {
  /// Counts the colony's processes, in one call.
  func counts() async throws -> QueueCounts
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
  /// The ids of the executors that hold them.
  var executors: Set<String>
  /// Whether there are no others.
  var isComplete: Bool
}
