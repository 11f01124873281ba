public import ArgumentParser
internal import AutoscalerController
internal import Glibc
internal import LineLogging
public import Logging
internal import ServiceLifecycle
internal import UnixSignals

extension ColoniesAutoscaler {
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Watch the queues and scale the workers, until told to stop.",
      discussion: """
        The configuration file is looked at twice a second: a change is in force
        within a second, and one that cannot be used is refused in the log while the
        last good one stays in force.

        SIGTERM or SIGINT: asks local workers to finish what they hold, waits for
        them, kills those that take longer than their gracePeriod, and exits with 0.
        If the autoscaler itself is killed, a helper of it ends the workers in the
        same way.

        EXIT STATUS
          0 stopped as told   1 the configuration cannot be used   64 bad arguments

        EXAMPLES
          colonies-autoscaler run --config autoscaler.yaml --dry-run
          colonies-autoscaler run --config autoscaler.yaml --log-format json 2> log
        """)

    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    @Flag(help: "Decide and explain, but change nothing.")
    var dryRun = false

    @Option(help: "How log lines are written to standard error.")
    var logFormat = LogFormat.text

    @Option(
      help: "The least important lines to write.")
    var logLevel = Logger.Level.info

    func run() async throws {
      // A log that nobody reads any more must not be the program's end.
      signal(SIGPIPE, SIG_IGN)
      var logger = Logger(label: "colonies-autoscaler") { logFormat.handler(label: $0, subject: "scaler") }
      logger.logLevel = logLevel
      let controller: AutoscalerController
      do throws(ConfigurationError) {
        controller = try AutoscalerController(
          file: ConfigurationFile(path: config), isDryRun: dryRun, logger: logger
        ) { try $0.makeClient() }
      } catch {
        throw complaint(about: error)
      }
      // The service group's own lines are about itself, so they are only written when something is wrong.
      var groupLogger = logger
      groupLogger.logLevel = max(logLevel, .warning)
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [
            .init(
              service: controller, successTerminationBehavior: .gracefullyShutdownGroup,
              failureTerminationBehavior: .cancelGroup)
          ],
          gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger))
      try await group.run()
    }
  }
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
