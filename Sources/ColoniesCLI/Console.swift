internal import Files
internal import Glibc

/// Where a command writes: results to the standard output, everything else to the standard error.
struct Console: Sendable {
  private let output: @Sendable (String) throws -> Void
  private let errors: @Sendable (String) -> Void
  /// Whether a person reads the results, and not a program.
  let outputIsTerminal: Bool
  /// Whether progress can be shown.
  let errorIsTerminal: Bool
  /// Whether messages may be coloured.
  let usesColour: Bool

  init(
    outputIsTerminal: Bool = false, errorIsTerminal: Bool = false, usesColour: Bool = false,
    output: @escaping @Sendable (String) throws -> Void, errors: @escaping @Sendable (String) -> Void
  ) {
    self.outputIsTerminal = outputIsTerminal
    self.errorIsTerminal = errorIsTerminal
    self.usesColour = usesColour
    self.output = output
    self.errors = errors
  }

  /// The console of this program.
  static func standard(_ environment: EnvironmentVariables) -> Console {
    let errorIsTerminal = isatty(STDERR_FILENO) == 1
    return Console(
      outputIsTerminal: isatty(STDOUT_FILENO) == 1, errorIsTerminal: errorIsTerminal,
      // https://no-color.org
      usesColour: errorIsTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb",
      output: { text in
        do throws(FileError) {
          try File.write(text.utf8, to: STDOUT_FILENO, "the result")
        } catch {
          throw CommandError(error.description)
        }
      },
      // There is nobody left to tell when this fails.
      errors: { text in try? File.write(text.utf8, to: STDERR_FILENO, "the standard error") })
  }

  /// Writes a result, with a line end.
  func print(_ text: String) throws { try output(text + "\n") }

  /// Writes a result that has its line ends.
  func write(_ text: String) throws { try output(text) }

  /// Tells the user something that is not a result.
  func note(_ text: String) { errors(text.withVisibleControls + "\n") }

  /// Replaces the line of progress; does nothing where it would only fill a file.
  func progress(_ text: String) {
    if errorIsTerminal { errors("\r\u{1b}[K" + text) }
  }

  /// Tells why a command ends badly.
  func report(_ error: CommandError) {
    errors(
      (usesColour ? "\u{1b}[31mError:\u{1b}[0m " : "Error: ") + error.description.withVisibleControls + "\n")
  }
}
