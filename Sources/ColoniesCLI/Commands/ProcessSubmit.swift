internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies process submit`
struct ProcessSubmit: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Submit processes and print their ids.",
    discussion: """
      A spec names the type of worker and gives it its environment:

        {"conditions": {"runtimetype": "fibonacci"}, "env": {"fibonacciNum": "10"}}

      Files of either API work with either API: runtimetype and executortype are the same. The colony may be \
      left out; it is then COLONYID or COLONIES_COLONY_NAME. No maxexectime means no time limit.

        colonies process submit --spec process.json
        colonies process submit --spec a.json --spec b.json --repeat 100
        echo '{"conditions": …}' | colonies process submit --spec - --wait

      With --wait the ids go to the standard error and the results to the standard output, in the order of \
      the files; a failed process is told on the standard error and makes the exit code 1.
      """)

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A file with the spec, or - for the standard input.", valueName: "file"))
  var spec: [String]

  @Option(name: .customLong("repeat"), help: ArgumentHelp("Submit each spec this often.", valueName: "n"))
  var repetitions = 1

  @Flag(help: "Wait for the processes to end and print their results.")
  var wait = false

  @OptionGroup var call: CallOptions

  func validate() throws {
    if repetitions < 1 { throw ValidationError("--repeat must be 1 or more, found \(repetitions)") }
    if spec.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("the standard input can be read only once; use --repeat")
    }
  }

  func run(in session: Session) async throws {
    // All files are read before anything is submitted: a fault in the last one should not leave half of the
    // work in the queue.
    let readers = try spec.map { ProcessSpecReader(try SpecFile(path: $0)) }
    let (key, connection) = try await call.connect(session)
    let specs = try readers.map { try $0.spec(connection.api, colony: connection.colony) }
    for spec in specs { try requireColony(of: spec, connection) }
    var submission = Submission(
      client: connection.client, key: key, console: session.console, total: specs.count * repetitions)
    for spec in specs {
      try await submission.submit(spec, times: repetitions) { id in
        if wait { session.console.note(id) } else { try session.console.print(id) }
      }
    }
    submission.end()
    if wait {
      try await ProcessWaiter(client: connection.client, key: key, session: session)
        .printResults(of: submission.ids)
    }
  }

  private func requireColony(of spec: ProcessSpec, _ connection: Connection) throws {
    let named = Connection(
      client: connection.client, api: connection.api, colony: spec.conditions.colony)
    _ = try named.requiredColony()
  }
}
