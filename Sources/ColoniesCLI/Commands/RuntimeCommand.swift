internal import ArgumentParser

/// `colonies runtime …`
struct RuntimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runtime", abstract: "Register, approve and look at a colony's workers.",
    discussion: """
      A runtime, or executor as the executor API has it, is a member of a colony: a worker, or a person who \
      submits processes. It may do nothing until the colony's owner approves it.

        export RUNTIMEID=$(colonies runtime register --name cli --type cli)
        colonies runtime approve --runtimeid $RUNTIMEID
        colonies runtime ls
      """,
    subcommands: [
      RuntimeRegister.self, RuntimeApprove.self, RuntimeReject.self, RuntimeList.self,
      RuntimeUnregister.self,
    ], aliases: ["executor"])
}
