internal import Colonies
internal import ColoniesClient

/// Reads a queue from a Colonies server.
actor ColoniesQueueReader: QueueReader {
  private let address: QueueAddress
  private let makeClient: @Sendable (ServerConfiguration) throws -> ColoniesClient
  private var client: ColoniesClient?

  /// The most processes that servers list.
  private static let listLimit = 100

  init(
    _ address: QueueAddress, makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) {
    self.address = address
    self.makeClient = makeClient
  }

  func counts() async throws -> QueueCounts {
    let statistics = try await connect().statistics(of: address.colony, key: address.credentials.load())
    return QueueCounts(
      waiting: statistics.waiting, running: statistics.running,
      finished: statistics.successful + statistics.failed + statistics.cancelled)
  }

  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
    let query = ProcessQuery(
      colony: address.colony, state: state, count: Self.listLimit, executorType: executorType)
    let all = try await connect().processes(query, key: address.credentials.load())
    // Servers of the runtime API do not look at the type.
    let own = all.filter { $0.spec.conditions.executorType == executorType }
    return ProcessListing(
      count: own.count, executors: Set(own.map(\.assignedExecutorID)), isComplete: all.count < Self.listLimit)
  }

  /// The client; made at first use, and again when that failed, as a file it needs may come later.
  private func connect() throws -> ColoniesClient {
    if let client { return client }
    let made = try makeClient(address.server)
    client = made
    return made
  }
}
