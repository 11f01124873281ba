internal import Colonies

/// The workers of a colony, and what can be asked of them through its queue.
///
/// Every call is one request, or two, with the server's deadline.
protocol WorkerQueue: QueueReader {
  /// All registrations of a type, also those that are not approved, or were removed.
  func workers(executorType: String) async throws -> [Executor]
  /// Whether a worker holds work now. For those whom a list that is cut off does not show.
  func holdsWork(_ worker: Executor) async throws -> Bool
  /// Whether an order can be addressed to a worker that has not registered yet: where its address is a name.
  func reachesUnregistered() async throws -> Bool
  /// The ids of the orders that may be in the queue, as far as they were seen.
  func openOrders() async -> Set<String>
  /// Orders a worker to take nothing more.
  /// - Returns: The order's id.
  func order(_ worker: WorkerAddress) async throws -> String
  /// Says where an order is in its life. One that the server does not know has ended.
  func standing(ofOrder id: String) async throws -> OrderStanding
  /// Takes an order back. Nothing happens to one that has ended.
  func withdraw(order id: String) async throws
  /// Takes a worker's approval away, so that it gets nothing and can close nothing.
  /// - Parameter owner: Where the key of the colony's owner is; so for the others.
  func reject(_ worker: Executor, owner: KeySource) async throws
  /// Gives a worker its approval, again.
  func approve(_ worker: Executor, owner: KeySource) async throws
  /// Ends a registration.
  func unregister(_ worker: Executor, owner: KeySource) async throws
}

/// Who an order is for.
struct WorkerAddress: Sendable, Hashable {
  let name: String
  /// The id; empty when it has not registered yet.
  let id: String
  let executorType: String
}
