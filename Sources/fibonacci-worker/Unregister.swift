internal import ArgumentParser
internal import ColoniesWorker

extension FibonacciWorker {
  struct Unregister: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drain, await and unregister the running worker, as a preStop hook.",
      discussion: """
        Finds the worker by its state file, asks it to drain, waits for it, and unregisters it; what it has
        not finished by then is back in the queue. Works as well when the worker is dead, and any number of
        times. Needs the same environment as the worker.

        \(environmentHelp)
        """)

    func run() async throws {
      ignoreBrokenPipes()
      let settings = try Settings.current()
      let unregistration = Unregistration(
        configuration: settings.worker, client: try settings.worker.makeClient(), logger: settings.logger)
      do {
        print(try await unregistration.run())
      } catch let error as WorkerError {
        complain("could not unregister: \(error)")
        throw ExitCode.failure
      }
    }
  }
}
