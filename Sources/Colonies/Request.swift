public import JSON

/// Everything a client can ask of a server, free of either API's wording.
public enum Request: Sendable, Hashable {
  /// The server's version; needs no signature. Executor API.
  case version
  case addColony(Colony)
  case removeColony(ColonyReference)
  case getColonies
  case getColony(ColonyReference)
  case getColonyStatistics(ColonyReference)
  /// Of all colonies together. Executor API.
  case getStatistics

  case addExecutor(Executor)
  case approveExecutor(ExecutorReference)
  case rejectExecutor(ExecutorReference)
  case removeExecutor(ExecutorReference)
  case getExecutor(ExecutorReference)
  case getExecutors(ColonyReference)

  case submit(ProcessSpec)
  case assign(AssignRequest)
  case getProcess(id: String)
  case getProcesses(ProcessQuery)
  case getProcessHistory(HistoryQuery)
  /// Output is nil when the worker returns none. The runtime API has no output.
  case closeSuccessful(id: String, output: [JSONValue]?)
  /// The runtime API has no error texts.
  case closeFailed(id: String, errors: [String])
  /// Executor API.
  case cancelProcess(id: String)
  case removeProcess(id: String)
  /// State nil is every state, and the only choice of the runtime API.
  case removeAllProcesses(ColonyReference, state: ProcessState?)
  case addAttribute(Attribute)
  case getAttribute(id: String)
  /// Executor API.
  case addLog(processID: String, message: String)
  /// Executor API.
  case getLogs(LogQuery)
}

/// A worker asking for a process.
public struct AssignRequest: Sendable, Hashable {
  /// The colony to work for.
  public var colony: ColonyReference
  /// How long the server may hold the request until there is work, in seconds; negative means not at all.
  /// The runtime API never waits.
  public var timeout: Int
  /// What the worker can offer, as `1500m`; empty is no limit. Executor API.
  public var availableCPU: String
  /// What the worker can offer, as `512Mi`; empty is no limit. Executor API.
  public var availableMemory: String

  /// Asks for a process.
  public init(
    colony: ColonyReference, timeout: Int = -1, availableCPU: String = "", availableMemory: String = ""
  ) {
    self.colony = colony
    self.timeout = timeout
    self.availableCPU = availableCPU
    self.availableMemory = availableMemory
  }
}

/// Which processes to list.
public struct ProcessQuery: Sendable, Hashable {
  /// The colony whose processes are listed.
  public var colony: ColonyReference
  /// The number of the state. A number of no state is kept, for the server to refuse.
  public var state: Int
  /// At most this many; servers allow 100.
  public var count: Int
  /// Only of this worker type, if not empty. Executor API.
  public var executorType: String
  /// Only with this label, if not empty. Executor API.
  public var label: String
  /// Only of this submitter, if not empty. Executor API.
  public var initiator: String

  /// Asks for the processes in a state.
  public init(
    colony: ColonyReference, state: ProcessState, count: Int, executorType: String = "", label: String = "",
    initiator: String = ""
  ) {
    self.init(
      colony: colony, state: state.rawValue, count: count, executorType: executorType, label: label,
      initiator: initiator)
  }

  init(
    colony: ColonyReference, state: Int, count: Int, executorType: String, label: String, initiator: String
  ) {
    self.colony = colony
    self.state = state
    self.count = count
    self.executorType = executorType
    self.label = label
    self.initiator = initiator
  }
}

/// Which processes of the recent past to list.
public struct HistoryQuery: Sendable, Hashable {
  /// The colony whose processes are listed.
  public var colony: ColonyReference
  /// Only of this worker, by id, if not empty.
  public var executorID: String
  /// How far back, in seconds.
  public var seconds: Int
  /// The number of the state.
  public var state: Int

  /// Asks for the processes that were submitted since some seconds ago.
  public init(colony: ColonyReference, executorID: String = "", seconds: Int, state: ProcessState) {
    self.init(colony: colony, executorID: executorID, seconds: seconds, state: state.rawValue)
  }

  init(colony: ColonyReference, executorID: String, seconds: Int, state: Int) {
    self.colony = colony
    self.executorID = executorID
    self.seconds = seconds
    self.state = state
  }
}
