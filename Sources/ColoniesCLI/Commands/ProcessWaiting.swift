internal import ArgumentParser
internal import Colonies

/// `colonies process psw`
struct ProcessWaiting: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "psw", abstract: "List waiting processes.",
    discussion: """
      Those that no worker has taken yet.

        colonies process psw --count 4
        colonies process psw --json
      """)

  @OptionGroup var list: ProcessListOptions

  func run(in session: Session) async throws { try await list.print(.waiting, in: session) }
}
