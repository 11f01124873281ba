internal import ArgumentParser
internal import Colonies

/// `colonies process pss`
struct ProcessSuccessful: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "pss", abstract: "List successful processes.",
    discussion: """
      Those that a worker closed as successful; `colonies process get` shows their results.

        colonies process pss --count 4
        colonies process pss --json
      """)

  @OptionGroup var list: ProcessListOptions

  func run(in session: Session) async throws { try await list.print(.successful, in: session) }
}
