internal import ArgumentParser

/// `colonies process …`
struct ProcessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "process", abstract: "Submit processes, look at the queue, read results.",
    discussion: """
      A process is a spec that was submitted, and what has become of it. It waits until a worker of the type \
      that its spec asks for takes it.

        colonies process submit --spec process.json
        colonies process psw
        colonies process get --processid ID
      """,
    subcommands: [
      ProcessSubmit.self, ProcessWaiting.self, ProcessRunning.self, ProcessSuccessful.self,
      ProcessFailed.self, ProcessCancelled.self, ProcessGet.self, ProcessAssign.self, ProcessClose.self,
      ProcessFail.self, ProcessCancel.self, ProcessDelete.self, ProcessDeleteAll.self,
    ])
}
