internal import ArgumentParser
internal import Colonies

/// The key of the server's owner.
struct ServerKeyOptions: ParsableArguments {
  @Option(
    name: .customLong("serverid"),
    help: ArgumentHelp("The server's id. [env: SERVERID, COLONIES_SERVER_ID]", valueName: "id"))
  var id: String?

  @Option(
    name: .customLong("serverprvkey-file"),
    help: ArgumentHelp(
      "A file with the server's private key. [env: SERVERPRVKEY or COLONIES_SERVER_PRVKEY, each also with "
        + "_FILE behind it; or the keychain]", valueName: "file"))
  var keyFile: String?

  /// The server's key.
  func key(_ session: Session) throws -> PrivateKey {
    try session.keys.key(.server, id: id, file: keyFile)
  }
}
