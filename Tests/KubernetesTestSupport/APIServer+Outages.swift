/// What only a server of the suite's own can do. Suites that need it have the trait `ifOwnAPIServer`.
extension APIServer {
  /// Kills the server and starts it again, on the same port and over the same data. Returns when it is ready.
  package func restart() async throws {
    await stop(.killed)
    try await start()
  }

  /// Makes the API server be away, until `start()`.
  package func stop(_ outage: Outage = .killed) async { await ownPrograms.apiServer.stop(outage) }

  /// Starts the API server again, and the store if that is stopped too. Returns when the server is ready.
  package func start() async throws { try await ownPrograms.startAll() }

  /// Makes the store be away, until `startStore()`. The server answers that it failed, or not in time.
  package func stopStore(_ outage: Outage = .killed) async { await ownPrograms.store.stop(outage) }

  /// Starts the store again, with its data. Returns when the server is ready.
  package func startStore() async throws { try await ownPrograms.startAll() }

  private var ownPrograms: ClusterPrograms {
    guard let programs else { preconditionFailure("an existing cluster is not stopped") }
    return programs
  }
}
