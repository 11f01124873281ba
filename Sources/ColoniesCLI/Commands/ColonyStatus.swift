internal import ArgumentParser
internal import Colonies
internal import ColoniesClient
internal import JSON

/// `colonies colony status`
struct ColonyStatus: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how many processes a colony has, and what its workers can do.",
    discussion: """
      Available is what those runtimes have that no running process is assigned to. The executor API does not \
      say what workers have; there the workers are counted instead.

        colonies colony status
        colonies colony status --json
      """, aliases: ["stats"])

  /// Servers list no more.
  private static let mostRunning = 100

  @Flag(help: "Print the process statistics as JSON.")
  var json = false

  @OptionGroup var call: CallOptions

  func run(in session: Session) async throws {
    let keys = try call.runtime.readers(session, call.colony)
    let connection = try await session.connect(call.server, naming: call.colony)
    let reference = connection.colony
    let client = connection.client
    let statistics = try await connection.firstAllowed(keys) {
      try await client.statistics(of: reference, key: $0)
    }
    if json {
      try session.console.print(statistics.json(connection.api).text(.indented(4)))
      return
    }
    var sections = [ColonyTables.statistics(statistics, connection.api)]
    switch connection.api {
    case .executor: sections.append(ColonyTables.executors(statistics))
    case .runtime:
      let runtimes = try await connection.firstAllowed(keys) {
        try await client.executors(of: reference, key: $0)
      }
      let query = ProcessQuery(colony: reference, state: .running, count: Self.mostRunning)
      let running = try await connection.firstAllowed(keys) { try await client.processes(query, key: $0) }
      let busy = Set(running.map(\.assignedExecutorID))
      sections.append(ColonyTables.capacity("Total capacity", runtimes))
      sections.append(ColonyTables.capacity("Available capacity", runtimes.filter { !busy.contains($0.id) }))
    }
    try session.console.write(sections.joined(separator: "\n"))
  }
}
