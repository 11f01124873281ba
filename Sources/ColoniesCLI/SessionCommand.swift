internal import ArgumentParser

/// A command that does all its work through a session.
protocol SessionCommand: AsyncParsableCommand {
  func run(in session: Session) async throws
}

extension SessionCommand {
  func run() async throws { try await run(in: .live()) }
}
