internal import ArgumentParser
internal import Colonies

/// `colonies process ps`
struct ProcessRunning: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "List running processes.",
    discussion: """
      Those that a worker has taken and not yet closed.

        colonies process ps --count 4
        colonies process ps --json
      """)

  @OptionGroup var list: ProcessListOptions

  func run(in session: Session) async throws { try await list.print(.running, in: session) }
}
