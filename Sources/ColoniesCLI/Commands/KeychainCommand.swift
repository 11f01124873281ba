internal import ArgumentParser

/// `colonies keychain …`
struct KeychainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keychain", abstract: "Make and read private keys.",
    discussion: """
      The keychain is the directory ~/.colonies, or COLONIES_KEYCHAIN: one file for each identity, named by \
      its id, that only you may read. Commands find the keys of COLONYID, RUNTIMEID and SERVERID there.

        colonies keychain generate
        colonies keychain get --id ID
      """,
    subcommands: [KeychainGenerate.self, KeychainGet.self])
}
