internal import ArgumentParser
internal import AutoscalerController
internal import Glibc
internal import KubernetesClient

extension ColoniesAutoscaler {
  struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a configuration, and show what was understood.",
      discussion: """
        The configuration is a file, which may be a ConfigMap's manifest, or
        configmap/NAMESPACE/NAME in the cluster. It alone is checked: no server is
        asked whether it is there, and no key is looked for.

        EXIT STATUS
          0 it can be used   1 it cannot; all problems are listed   64 bad arguments

        \(ColoniesAutoscaler.configurationHelp)
        """)

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case text, json
    }

    @Argument(help: ArgumentHelp("The configuration.", valueName: "source"))
    var config: String

    @OptionGroup var clusterOptions: ClusterOptions

    @Option(help: "How the result is printed.")
    var output = Output.text

    func run() async throws {
      var client: KubernetesClient?
      if ConfigurationSource.namesConfigMap(config) {
        client = clusterOptions.client(
          try clusterOptions.found(), access: .readOnly(allowingServerDryRun: false))
      }
      do throws(ConfigurationError) {
        let source = try ConfigurationSource(config, defaultNamespace: client?.cluster.namespace)
        let configuration = try await source.load(client)
        await client?.shutdown()
        switch output {
        case .text: print("\(source): valid\n\(configuration.summary)")
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
  writeError(text)
  return ExitCode(1)
}

/// Writes a line to standard error that is no reason to end.
func warn(_ text: String) { writeError("warning: \(text)\n") }

private func writeError(_ text: String) {
  // There is nowhere to say that standard error is closed.
  _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
