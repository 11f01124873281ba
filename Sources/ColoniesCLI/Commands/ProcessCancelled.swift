internal import ArgumentParser
internal import Colonies

/// `colonies process psc`
struct ProcessCancelled: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "psc", abstract: "List cancelled processes (executor API).",
    discussion: """
      Only the executor API knows cancelled processes, so the colony has to be named as there:

        colonies process psc --colony-name dev
      """)

  @OptionGroup var list: ProcessListOptions

  func run(in session: Session) async throws { try await list.print(.cancelled, in: session) }
}
