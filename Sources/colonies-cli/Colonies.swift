internal import ArgumentParser
internal import ColoniesCLI

/// The program `colonies`: the commands of the library behind one name.
@main
struct Colonies: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colonies",
    abstract: "Submit processes to a Colonies server, look at the queue, read results.",
    discussion: """
      On one machine, with nothing set up:

        colonies server start &
        eval "$(colonies dev)"
        colonies process submit --spec process.json
        colonies process psw

      The environment says where the server is (COLONIES_SERVER_HOST, COLONIES_SERVER_PORT, COLONIES_TLS), \
      which colony is meant (COLONYID, or COLONIES_COLONY_NAME for servers of the executor API) and who asks \
      (RUNTIMEID). Private keys come from the keychain ~/.colonies, from files (RUNTIMEPRVKEY_FILE) or from \
      the environment (RUNTIMEPRVKEY), never from the command line.

      Exit codes: 0 success, 1 failure, 3 no process was assigned, 64 a mistake in the arguments.
      """,
    subcommands: Program.commands + [ServerCommand.self])

  static func main() async { await Program.main(Colonies.self) }
}
