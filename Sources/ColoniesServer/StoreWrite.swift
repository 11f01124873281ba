internal import Colonies
internal import JSON

/// One change for the store to write down.
enum StoreWrite: Sendable {
  case addColony(Colony)
  case removeColony(id: String)
  /// Adds an entry or replaces the one with its row.
  case putRegistration(Registration)
  case removeRegistration(row: Int64)
  case addProcess(ProcessRecord)
  case assign(LiveProcess)
  /// Back to the queue after an expired attempt: the times of the attempt stay, the end time is set.
  case requeueExpired(LiveProcess, at: Timestamp)
  /// Back to the queue because the worker is gone: the times of the attempt are cleared.
  case requeueReleased(LiveProcess)
  case end(EndedWrite)
  /// Adds to a process's log, of which so many entries are kept.
  case addLog(LogWrite, keeping: Int)
  case removeProcess(sequence: Int64)
  /// Removes a colony's processes in a state, or in any.
  case removeProcesses(colonyID: String, state: ProcessState?)
}

/// A new entry of a process's log.
struct LogWrite: Sendable {
  var sequence: Int64
  var colonyID: String
  var executorName: String
  var message: String
  var time: Timestamp
}

/// The end of a process.
struct EndedWrite: Sendable {
  var sequence: Int64
  var state: ProcessState
  var time: Timestamp
  /// nil leaves it empty.
  var output: [JSONValue]?
  var errors: [String]
}
