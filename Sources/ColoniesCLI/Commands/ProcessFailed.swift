internal import ArgumentParser
internal import Colonies

/// `colonies process psf`
struct ProcessFailed: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "psf", abstract: "List failed processes.",
    discussion: """
      Those that a worker closed as failed, or whose time and retries were spent; `colonies process get` shows \
      why.

        colonies process psf --count 4
        colonies process psf --json
      """)

  @OptionGroup var list: ProcessListOptions

  func run(in session: Session) async throws { try await list.print(.failed, in: session) }
}
