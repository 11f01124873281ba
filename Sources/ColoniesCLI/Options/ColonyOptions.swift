internal import ArgumentParser
internal import Colonies

/// Which colony, and its owner's key.
struct ColonyOptions: ParsableArguments {
  @Option(
    name: .customLong("colonyid"), help: ArgumentHelp("The colony's id. [env: COLONYID]", valueName: "id"))
  var id: String?

  @Option(
    name: .customLong("colony-name"),
    help: ArgumentHelp(
      "The colony's name, for the executor API. [env: COLONIES_COLONY_NAME]", valueName: "name"))
  var name: String?

  @Option(
    name: .customLong("colonyprvkey-file"),
    help: ArgumentHelp(
      "A file with the colony's private key. [env: COLONYPRVKEY or COLONIES_COLONY_PRVKEY, each also with "
        + "_FILE behind it; or the keychain]", valueName: "file"))
  var keyFile: String?

  /// The colony as the user named it; an option wins over a variable.
  func reference(_ session: Session) throws -> ColonyReference {
    ColonyReference(
      id: try session.keys.id(.colony, option: id) ?? "",
      name: name ?? session.environment["COLONIES_COLONY_NAME"] ?? "")
  }

  /// The owner's key.
  func key(_ session: Session) throws -> PrivateKey {
    try session.keys.key(.colony, id: id, file: keyFile)
  }
}
