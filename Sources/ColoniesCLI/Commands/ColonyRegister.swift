internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// `colonies colony register`
struct ColonyRegister: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Register a new colony and print its id.",
    discussion: """
      Needs the server's key. The colony's key is made here and kept in the keychain; a colony whose key you \
      have already is registered under the key's id.

        colonies colony register --name mine
        colonies colony register --spec colony.json       # {"name": "mine"}
        colonies colony register --name mine --colonyid ID
      """, aliases: ["add"])

  @Option(
    help: ArgumentHelp("A file that describes the colony, or - for the standard input.", valueName: "file"))
  var spec: String?

  @Option(help: "The colony's name.")
  var name: String?

  @Option(
    name: .customLong("colonyid"),
    help: ArgumentHelp("The id of a key that exists already, instead of a new one.", valueName: "id"))
  var id: String?

  @OptionGroup var owner: ServerKeyOptions
  @OptionGroup var server: ServerOptions

  func validate() throws {
    if (spec == nil) == (name == nil) {
      throw ValidationError("Give the colony by one of --spec <file> and --name <name>")
    }
  }

  func run(in session: Session) async throws {
    var colony = Colony(id: "", name: name ?? "")
    if let spec { colony = try ColonySpec.colony(try SpecFile(path: spec)) }
    if let id { colony.id = id }
    let serverKey = try owner.key(session)
    let connection = try await session.connect(server)
    if colony.id.isEmpty {
      let client = connection.client
      colony.id = try await NewIdentity(session).register { id in
        _ = try await client.addColony(Colony(id: id, name: colony.name), key: serverKey)
      }
    } else {
      colony.id = try Identifier.checked(colony.id, "colony", from: id == nil ? "colonyid" : "--colonyid")
      _ = try await connection.client.addColony(colony, key: serverKey)
    }
    try session.console.print(colony.id)
  }
}
