internal import Colonies
internal import ColoniesClient

/// Waits for processes to end.
struct ProcessWaiter {
  /// Quick results should come quickly; long waits should not burden the server.
  private static let pauses = (first: Duration.milliseconds(50), longest: Duration.seconds(2))

  let client: ColoniesClient
  let key: PrivateKey
  let session: Session

  /// Prints the results of processes as they end, in the order given.
  /// - Throws: `CommandError` at the end when a process failed.
  func printResults(of ids: [String]) async throws {
    var failures = 0
    for id in ids {
      let process = try await end(of: id)
      if process.state != .successful {
        failures += 1
        session.console.note(process.failure)
      } else if let result = process.result {
        try session.console.print(result)
      } else {
        session.console.note("process \(id) ended without a result")
      }
    }
    guard failures == 0 else {
      throw CommandError("\(failures) of \(ids.count) processes did not succeed")
    }
  }

  /// The process once it has ended.
  private func end(of id: String) async throws -> Process {
    var pause = Self.pauses.first
    var answered = true
    while true {
      do {
        let process = try await client.process(id: id, key: key)
        if process.state.isTerminal { return process }
        answered = true
      } catch {
        guard error.isTransient else { throw error }
        // The process lives on in the server's queue; a server that restarts should not end the wait.
        if answered { session.console.note("\(error.message); still waiting") }
        answered = false
      }
      try await session.sleep(pause)
      pause = min(pause * 3 / 2, Self.pauses.longest)
    }
  }
}

extension Process {
  /// A sentence on why there is no result.
  var failure: String {
    let reasons = failureReasons
    return "process \(id) \(state == .cancelled ? "was cancelled" : "failed")"
      + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; "))
  }
}
