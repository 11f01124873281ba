public import ArgumentParser
internal import ColoniesClient
internal import Glibc

/// The `colonies` command line as a library: its commands, and how a program runs them.
public enum Program {
  /// The commands, for the root command of an executable.
  public static let commands: [any ParsableCommand.Type] = [
    ProcessCommand.self, AttributeCommand.self, ColonyCommand.self, RuntimeCommand.self,
    KeychainCommand.self, Dev.self, FunctionCommand.self,
  ]

  /// Runs the command that the program's arguments name, and ends the program.
  ///
  /// Exit codes: 0 is success, 1 a failure that is told on the standard error, 3 that there was no process
  /// to assign, 64 a mistake in the arguments.
  public static func main(_ root: any ParsableCommand.Type) async -> Never {
    let transports = Transports()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let code = await run(root, arguments: arguments, in: .live(transports))
    await transports.end()
    exit(code)
  }

  /// Runs a command.
  /// - Returns: The exit code.
  static func run(
    _ root: any ParsableCommand.Type, arguments: [String], in session: Session
  ) async -> Int32 {
    do {
      try PrivateKeyOption.refuse(in: arguments)
      var command = try root.parseAsRoot(arguments)
      if let command = command as? any SessionCommand {
        try await command.run(in: session)
      } else if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return 0
    } catch let error as CommandError {
      session.console.report(error)
      return ExitCode.failure.rawValue
    } catch let error as ColoniesError {
      session.console.report(CommandError(error))
      return ExitCode.failure.rawValue
    } catch {
      return finish(root, error, in: session)
    }
  }

  /// Ends a command as the argument parser says: it also asks for help and version by an error.
  private static func finish(_ root: any ParsableCommand.Type, _ error: any Error, in session: Session)
    -> Int32
  {
    let code = root.exitCode(for: error)
    let text = root.fullMessage(for: error)
    if code.isSuccess {
      do {
        try session.console.write(text.hasSuffix("\n") ? text : text + "\n")
      } catch {
        return ExitCode.failure.rawValue
      }
    } else if !text.isEmpty {
      session.console.note(text)
    }
    return code.rawValue
  }
}
