internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// The worker that a command is about.
struct WorkerOptions: ParsableArguments {
  @Option(
    name: [.customLong("runtimeid"), .customLong("executorid")],
    help: ArgumentHelp("The runtime's id.", valueName: "id"))
  var id: String?

  @Option(
    help: ArgumentHelp(
      "The runtime's name. The executor API knows workers by it; with an id alone the command looks it up.",
      valueName: "name"))
  var name: String?

  func validate() throws {
    if id == nil, name == nil { throw ValidationError("Missing expected argument '--runtimeid <id>'") }
  }

  /// The worker as the server's API names it. Its other name is looked up in the list of workers.
  func reference(_ connection: Connection, _ session: Session, _ colony: ColonyOptions) async throws
    -> ExecutorReference
  {
    let id = try self.id.map { try Identifier.checked($0, "runtime", from: "--runtimeid") }
    // Only the executor API tells workers by their colony.
    let reference = connection.api == .runtime ? connection.colony : try connection.requiredColony()
    var worker = ExecutorReference(id: id ?? "", name: name ?? "", colony: reference)
    if connection.api == .runtime ? id != nil : name != nil { return worker }
    let found = try await listed(connection, session, colony).filter {
      (id == nil || $0.id == id) && (name == nil || $0.name == name) && $0.state != .unregistered
    }
    guard let only = found.first else {
      throw CommandError("the colony has no runtime \(id ?? "named \"\(name ?? "")\"")")
    }
    guard found.count == 1 else {
      throw CommandError(
        "the colony has \(found.count) runtimes named \"\(only.name)\"",
        advice: "Name one by --runtimeid; `colonies runtime ls` lists them.")
    }
    worker.id = only.id
    worker.name = only.name
    return worker
  }

  /// Does something with the worker.
  /// - Throws: `CommandError` when the server does not know the worker.
  func found(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as ColoniesError where error.code == .notFound {
      throw CommandError(
        "Runtime not found: \(id ?? name ?? "")", advice: "`colonies runtime ls` lists the colony's runtimes."
      )
    }
  }

  private func listed(_ connection: Connection, _ session: Session, _ colony: ColonyOptions) async throws
    -> [Executor]
  {
    let reference = try connection.requiredColony()
    let readers = try session.keys.readers(colony: colony)
    do {
      return try await connection.firstAllowed(readers) {
        try await connection.client.executors(of: reference, key: $0)
      }
    } catch let error as ColoniesError where error.code == .denied && connection.api == .executor {
      throw CommandError(
        error.message,
        advice: "Servers of the executor API know workers by name, and list them only to workers: use --name."
      )
    }
  }
}
