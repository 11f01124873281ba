internal import Colonies
internal import ColoniesClient

/// Reads a queue from a Colonies server.
actor ColoniesQueueReader: QueueReader {
  private let address: QueueAddress
  private let metrics: ControllerMetrics
  private let makeClient: @Sendable (ServerConfiguration) throws -> ColoniesClient
  private var client: ColoniesClient?

  /// The most processes that servers list.
  private static let listLimit = 100

  init(
    _ address: QueueAddress, metrics: ControllerMetrics,
    makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) {
    self.address = address
    self.metrics = metrics
    self.makeClient = makeClient
  }

  func counts() async throws -> QueueCounts {
    let statistics = try await counted {
      try await self.connect().statistics(of: self.address.colony, key: self.address.credentials.load())
    }
    return QueueCounts(
      waiting: statistics.waiting, running: statistics.running,
      finished: statistics.successful + statistics.failed + statistics.cancelled)
  }

  func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
    let all = try await list(state, executorType)
    let own = all.filter { $0.spec.conditions.executorType == executorType }
    return ProcessListing(
      count: own.count, executors: Set(own.map(\.assignedExecutorID)), isComplete: all.count < Self.listLimit)
  }

  func serviceTimes(executorType: String) async throws -> [Duration] {
    try await list(.successful, executorType).compactMap { process in
      guard process.spec.conditions.executorType == executorType, !DrainOrder.isDrain(process),
        let start = process.startTime, let end = process.endTime, start <= end
      else { return nil }
      return end - start
    }
  }

  /// Lists the first processes in a state. Servers of the runtime API do not look at the type.
  private func list(_ state: ProcessState, _ executorType: String) async throws -> [Process] {
    let query = ProcessQuery(
      colony: address.colony, state: state, count: Self.listLimit, executorType: executorType)
    return try await counted {
      try await self.connect().processes(query, key: self.address.credentials.load())
    }
  }

  private func counted<Value>(_ request: () async throws -> Value) async throws -> Value {
    do {
      let value = try await request()
      metrics.queueRequest(server: address.server.name, outcome: "success")
      return value
    } catch {
      let outcome = (error as? ColoniesError)?.code.rawValue ?? "noClient"
      metrics.queueRequest(server: address.server.name, outcome: outcome)
      throw error
    }
  }

  /// The client; made at first use, and again when that failed, as a file it needs may come later.
  private func connect() throws -> ColoniesClient {
    if let client { return client }
    let made = try makeClient(address.server)
    client = made
    return made
  }
}
