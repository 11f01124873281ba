public import JSON

/// How many processes a colony, or a whole server, has in each state, and how many workers.
public struct Statistics: Sendable, Hashable {
  /// Processes that wait for a worker.
  public var waiting: Int
  /// Processes that a worker holds.
  public var running: Int
  /// Processes that ended well.
  public var successful: Int
  /// Processes that failed.
  public var failed: Int
  /// Executor API.
  public var cancelled: Int
  /// Executor API.
  public var colonies: Int
  /// All registrations, also the removed ones. Executor API.
  public var executors: Int
  /// Approved workers. Executor API.
  public var activeExecutors: Int
  /// Removed workers. Executor API.
  public var unregisteredExecutors: Int

  /// Puts counts together.
  public init(
    waiting: Int = 0, running: Int = 0, successful: Int = 0, failed: Int = 0, cancelled: Int = 0,
    colonies: Int = 0, executors: Int = 0, activeExecutors: Int = 0, unregisteredExecutors: Int = 0
  ) {
    self.waiting = waiting
    self.running = running
    self.successful = successful
    self.failed = failed
    self.cancelled = cancelled
    self.colonies = colonies
    self.executors = executors
    self.activeExecutors = activeExecutors
    self.unregisteredExecutors = unregisteredExecutors
  }

  /// Reads statistics as one API writes them.
  public init(_ reader: JSONReader, api: API) throws(JSONTypeError) {
    switch api {
    case .runtime:
      try self.init(
        waiting: reader.int("waiting"), running: reader.int("running"), successful: reader.int("success"),
        failed: reader.int("failed"))
    case .executor:
      try self.init(
        waiting: reader.int("waitingprocesses"), running: reader.int("runningprocesses"),
        successful: reader.int("successfulprocesses"), failed: reader.int("failedprocesses"),
        cancelled: reader.int("cancelledprocesses"), colonies: reader.int("colonies"),
        executors: reader.int("executors"), activeExecutors: reader.int("activeexecutors"),
        unregisteredExecutors: reader.int("unregisteredexecutors"))
    }
  }

  /// The statistics as one API writes them. Workflows are not supported: their counts are 0.
  public func json(_ api: API) -> JSONValue {
    switch api {
    case .runtime:
      [
        "waiting": .integer(waiting), "running": .integer(running), "success": .integer(successful),
        "failed": .integer(failed),
      ]
    case .executor:
      [
        "colonies": .integer(colonies), "executors": .integer(executors),
        "activeexecutors": .integer(activeExecutors),
        "unregisteredexecutors": .integer(unregisteredExecutors), "waitingprocesses": .integer(waiting),
        "runningprocesses": .integer(running), "successfulprocesses": .integer(successful),
        "failedprocesses": .integer(failed), "cancelledprocesses": .integer(cancelled),
        "waitingworkflows": 0, "runningworkflows": 0, "successfulworkflows": 0, "failedworkflows": 0,
        "cancelledworkflows": 0,
      ]
    }
  }
}
