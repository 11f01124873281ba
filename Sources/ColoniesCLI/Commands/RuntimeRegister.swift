internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies runtime register`
struct RuntimeRegister: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Register a new runtime and print its id.",
    discussion: """
      Needs the colony's key. The runtime's key is made here and kept in the keychain. Without --approve it \
      then waits for `colonies runtime approve`.

        colonies runtime register --name cli --type cli --approve
        colonies runtime register --spec runtime.json

      A spec says more: {"name": "fib", "runtimetype": "fibonacci", "cores": 1, "mem": 1000}
      """, aliases: ["add"])

  @Option(
    help: ArgumentHelp("A file that describes the runtime, or - for the standard input.", valueName: "file"))
  var spec: String?

  @Option(help: "The runtime's name.")
  var name: String?

  @Option(help: "What kind of processes it takes. (default: its name)")
  var type: String?

  @Flag(help: "Approve it, too.")
  var approve = false

  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  func validate() throws {
    if (spec == nil) == (name == nil) {
      throw ValidationError("Give the runtime by one of --spec <file> and --name <name>")
    }
    if spec != nil, type != nil { throw ValidationError("With --spec, the file names the type") }
  }

  func run(in session: Session) async throws {
    var executor = Executor(id: "", type: type ?? name ?? "", name: name ?? "")
    if let spec { executor = try ExecutorSpec.executor(try SpecFile(path: spec)) }
    let owner = try colony.key(session)
    let connection = try await session.connect(server, naming: colony)
    let reference = connection.colony
    if executor.colonyID.isEmpty { executor.colonyID = reference.id }
    if executor.colonyName.isEmpty { executor.colonyName = reference.name }
    let client = connection.client
    let described = executor
    let id = try await NewIdentity(session).register { id in
      var new = described
      new.id = id
      _ = try await client.addExecutor(new, key: owner)
    }
    try session.console.print(id)
    if approve {
      try await client.approveExecutor(
        ExecutorReference(id: id, name: executor.name, colony: reference), key: owner)
    }
  }
}
