internal import ArgumentParser

/// `colonies colony …`
struct ColonyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colony", abstract: "Register and look at colonies.",
    discussion: """
      A colony is a group of workers with the processes they work on. Its id is the identity of its owner's \
      key, which `colony register` makes and keeps in the keychain.

        export COLONYID=$(colonies colony register --name mine)
        colonies colony status
      """,
    subcommands: [ColonyRegister.self, ColonyList.self, ColonyStatus.self, ColonyUnregister.self])
}
