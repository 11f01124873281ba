package import Logging

extension AutoscalerController {
  /// Tells how the controller does, over HTTP.
  package nonisolated func statusServer(
    host: String, port: Int, logger: Logger,
    onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in },
    metrics: @escaping @Sendable () async -> String
  ) -> StatusServer {
    StatusServer(
      host: host, port: port, logger: logger, metrics: metrics,
      decisions: { query in await self.decisions(query) },
      checks: [
        StatusCheck("configuration") { await self.configurationProblem() },
        StatusCheck("leaderElection") { await self.electionProblem },
      ], onReady: onReady)
  }

  private func configurationProblem() -> String? {
    if let problem = configurationStatus.problem { return "\(problem)" }
    return configurationStatus.generation == 0 ? "there is none yet" : nil
  }
}
