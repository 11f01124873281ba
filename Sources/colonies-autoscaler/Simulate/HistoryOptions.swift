internal import Colonies
internal import ColoniesClient
internal import AutoscalerController
internal import Files
internal import Workloads
internal import WorkloadHistory

extension WorkloadOptions {
  /// Reads a scaler's own history from its server, and keeps it if that is wanted. Says on standard error what is wrong.
  func history(_ time: Duration, of scaler: ScalerConfiguration) async throws -> WorkloadHistory {
    let history: WorkloadHistory
    do {
      let client = try ColoniesClients().client(of: scaler.server)
      history = try await HistoryReader(
        client: client, colony: scaler.colony, executorType: scaler.executorType,
        key: try scaler.credentials.load()
      ).read(seconds: Int(time / .seconds(1)))
    } catch {
      throw complaint("could not read the history of scaler \(scaler.name): \(error)\n")
    }
    guard !history.processes.isEmpty else {
      throw complaint(
        "the server of scaler \(scaler.name) remembers no processes of type \(scaler.executorType) that ended:\n  "
          + history.coverage.joined(separator: "\n  ") + "\n")
    }
    if let save {
      do {
        try File.replace(save, with: ProcessTableText.write(history.processes, begins: history.begins))
      } catch {
        throw complaint("\(error)\n")
      }
    }
    return history
  }
}
