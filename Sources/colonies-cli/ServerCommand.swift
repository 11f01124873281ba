internal import ArgumentParser

/// `colonies server`
struct ServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "Run the embedded Colonies server.", subcommands: [ServerStart.self])
}
