internal import ArgumentParser
internal import Colonies

/// As which runtime of the colony a command asks.
struct RuntimeKeyOptions: ParsableArguments {
  @Option(
    name: [.customLong("runtimeid"), .customLong("executorid")],
    help: ArgumentHelp("The runtime that asks. [env: RUNTIMEID]", valueName: "id"))
  var id: String?

  @Option(
    name: [.customLong("runtimeprvkey-file"), .customLong("executorprvkey-file")],
    help: ArgumentHelp(
      "A file with the runtime's private key. [env: RUNTIMEPRVKEY or COLONIES_PRVKEY, each also with _FILE "
        + "behind it; or the keychain]", valueName: "file"))
  var keyFile: String?

  /// The runtime's key.
  func key(_ session: Session) throws -> PrivateKey {
    try session.keys.key(.runtime, id: id, file: keyFile)
  }

  /// The keys that may read what belongs to the colony; see `KeyFinder.readers`.
  func readers(_ session: Session, _ colony: ColonyOptions) throws -> [PrivateKey] {
    try session.keys.readers(runtimeID: id, runtimeFile: keyFile, colony: colony)
  }
}
