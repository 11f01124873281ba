internal import ArgumentParser
internal import ColoniesClient
internal import ColoniesWorker
internal import Fibonacci
internal import Logging
internal import UnixSignals

extension FibonacciWorker {
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Work until told to stop (the default).",
      discussion: environmentHelp)

    func run() async throws {
      ignoreBrokenPipes()
      let settings = try Settings.current()
      // Before anything can be found and signalled by others.
      let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1)
      let handler = FibonacciHandler(limit: settings.limit)
      let worker = Worker(
        configuration: settings.worker, client: try settings.worker.makeClient(), logger: settings.logger
      ) { context in
        try await handler(context)
      }
      do {
        try await worker.run(until: signals.map { StopRequest(signal: $0.rawValue) }) {
          endNow(exitCode: $0.exitCode)
        }
      } catch let error as WorkerError {
        complain("\(error)")
        throw ExitCode.failure
      }
    }
  }
}
