internal import ArgumentParser
internal import AutoscalerController
internal import Glibc

extension ColoniesAutoscaler {
  struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a configuration file, and show what was understood.",
      discussion: """
        Asks no server and looks for no key: the file alone is checked.

        EXIT STATUS
          0 the file can be used   1 it cannot; all problems are listed   64 bad arguments

        \(ColoniesAutoscaler.configurationHelp)
        """)

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case text, json
    }

    @Argument(help: "The configuration file.")
    var file: String

    @Option(help: "How the result is printed.")
    var output = Output.text

    func run() throws {
      do throws(ConfigurationError) {
        let configuration = try ConfigurationFile(path: file).load()
        switch output {
        case .text: print("\(file): valid\n\(configuration.summary)")
        case .json: print(configuration.jsonSummary)
        }
      } catch {
        switch output {
        case .text: throw complaint(about: error)
        case .json:
          print(error.jsonSummary)
          throw ExitCode(1)
        }
      }
    }
  }
}

/// Says on standard error what is wrong with a configuration, and ends the program with status 1.
func complaint(about error: ConfigurationError) -> ExitCode {
  let count = error.problemCount
  return complaint(
    """
    \(error)
    \(count) problem\(count == 1 ? "" : "s"); `colonies-autoscaler --help` shows an example

    """)
}

/// Writes to standard error, and ends the program with status 1.
func complaint(_ text: String) -> ExitCode {
  // There is nowhere to say that standard error is closed.
  _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  return ExitCode(1)
}
