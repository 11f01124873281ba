/// The order to one worker to take nothing more, given through the queue itself.
///
/// It is a process addressed to exactly that worker. The queue assigns a process to one worker once, so whoever
/// holds the order was free when it took it; and a worker that holds it takes nothing else until the order has
/// ended: cancelled, deleted, closed, or its lease over. An order that nobody takes back therefore ends by
/// itself. A worker that is asked to stop while it holds the order closes it as successful and unregisters.
///
/// An order is not work: it never counts as demand.
public enum DrainOrder {
  /// The environment variable that marks an order. A worker's handler never sees it.
  public static let variable = "COLONIES_DRAIN"
  /// The value of ``variable``.
  public static let mark = "true"
  /// The function's name, for people who list processes. Executor API.
  public static let functionName = "drain"
  /// How long a worker holds an order unless told otherwise.
  public static let defaultLease = Duration.seconds(60)
  /// How long an order may wait for its worker before it fails. Only the executor API has such a limit: in the
  /// runtime API an order that nobody took must be deleted.
  public static let longestWait = Duration.seconds(30)
  /// Ahead of everything that was submitted in the last 27 years: in the executor API a step of priority is worth
  /// a day of waiting. The runtime API has no priorities, so there an order comes after what waits already.
  public static let priority = 10_000

  /// The spec of an order.
  ///
  /// - Parameters:
  ///   - worker: Who is to take nothing more: by id for the runtime API, by name for the executor API. Its colony
  ///     is the order's.
  ///   - executorType: The worker's type; the queue compares it also for a process with an address.
  ///   - lease: How long the worker holds the order at most, in whole seconds, rounded up; at least one.
  ///   - api: The API in which it will be submitted.
  public static func make(
    for worker: ExecutorReference, executorType: String, lease: Duration = defaultLease, api: API
  ) -> ProcessSpec {
    var spec = ProcessSpec(
      conditions: ProcessSpec.Conditions(
        colonyID: worker.colony.id, colonyName: worker.colony.name, executorType: executorType),
      environment: [variable: mark], maxExecutionTime: max(lease.wholeSecondsRoundedUp, 1))
    switch api {
    case .runtime:
      spec.conditions.executorIDs = [worker.id]
      // After the lease it goes back to the queue once and then fails; 0 would repeat it for ever.
      spec.maxRetries = 1
    case .executor:
      spec.conditions.executorNames = [worker.name]
      spec.maxRetries = 0
      spec.functionName = functionName
      spec.priority = priority
      spec.maxWaitTime = longestWait.wholeSecondsRoundedUp
    }
    return spec
  }

  /// Whether a spec is that of an order.
  public static func isDrain(_ spec: ProcessSpec) -> Bool { spec.environment[variable] == mark }

  /// Whether a process is an order.
  public static func isDrain(_ process: Process) -> Bool { isDrain(process.spec) }
}

extension Duration {
  fileprivate var wholeSecondsRoundedUp: Int {
    Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)
  }
}
