internal import Colonies
internal import ColoniesClient
internal import Locking

/// A colony whose queue the workers of one Deployment serve.
final class SoakColony: Sendable {
  let reference: ColonyReference
  let owner = PrivateKey()
  let member = PrivateKey()
  /// Speaks the API of its workers.
  private let client: ColoniesClient
  private let submittedIDs = Locked<[String]>([])

  static let memberName = "watcher"
  static let workerType = "soak"
  /// How long a worker may take for a process, in seconds. Longer than any takes, on a slow machine too.
  private static let lease = 120

  init(name: String, client: ColoniesClient) {
    reference = ColonyReference(id: owner.id, name: name)
    self.client = client
  }

  /// The ids of what was submitted.
  var submitted: [String] { submittedIDs.withLock { $0 } }

  /// Submits a process.
  /// - Parameters:
  ///   - length: How long the work on it takes.
  ///   - worker: The only worker that may take it; nil for any.
  /// - Returns: Its id.
  @discardableResult
  func submit(_ length: Duration, for worker: Executor? = nil) async throws -> String {
    let spec = ProcessSpec(
      conditions: .init(
        colonyID: reference.id, colonyName: reference.name, executorType: Self.workerType,
        executorIDs: worker.map { [$0.id] } ?? [], executorNames: worker.map { [$0.name] } ?? []),
      environment: ["SOAK_MILLISECONDS": "\(Int(length / .milliseconds(1)))"],
      maxExecutionTime: Self.lease, maxRetries: -1, functionName: "wait")
    let id = try await client.submit(spec, key: member).id
    submittedIDs.withLock { $0.append(id) }
    return id
  }

  /// How many processes wait or run, orders to drain included.
  func open() async throws -> Int {
    let statistics = try await client.statistics(of: reference, key: member)
    return statistics.waiting + statistics.running
  }

  /// The orders to drain that are in a state.
  func orders(_ state: ProcessState) async throws -> [Process] {
    // They are few, and ahead of everything else; of 100 none is missed.
    try await client.processes(
      ProcessQuery(colony: reference, state: state, count: 100, executorType: Self.workerType), key: member
    ).filter(DrainOrder.isDrain)
  }

  /// Whether a process was done.
  func isDone(_ id: String) async throws -> Bool {
    try await client.process(id: id, key: member).state == .successful
  }

  /// Every process there ever was, orders to drain included.
  func history() async throws -> [Process] {
    var all: [Process] = []
    for state in [ProcessState.waiting, .running, .successful, .failed, .cancelled] {
      all += try await client.history(
        HistoryQuery(colony: reference, seconds: 86_400 * 7, state: state), key: member)
    }
    return all
  }

  /// The workers that are registered.
  func workers() async throws -> [Executor] {
    try await client.executors(of: reference, key: member).filter {
      $0.type == Self.workerType && $0.state != .unregistered
    }
  }
}
