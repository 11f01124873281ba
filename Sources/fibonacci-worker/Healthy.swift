internal import ArgumentParser
internal import ColoniesWorker

extension FibonacciWorker {
  struct Healthy: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell whether the running worker is well, as a liveness probe.",
      discussion: """
        Looks at the time of the latest sign of life, which the worker leaves every five seconds beside its \
        state file. A worker at work is well, however long that takes, and so is one whose server is away. \
        Of the environment it needs WORKER_STATE_FILE or TMPDIR only, if the worker has them. Exits with 0 \
        when the worker is well, else with 1.
        """)

    @Option(help: "How old the sign of life may be, in seconds.")
    var maxAge = 30

    func validate() throws {
      guard (1...86_400).contains(maxAge) else {
        throw ValidationError("--max-age: found \(maxAge), expected a whole number from 1 to 86400")
      }
    }

    func run() throws {
      let environment = EnvironmentReader(EnvironmentReader.variables)
      let file = HealthFile(of: StateFile(reading: environment, program: "fibonacci-worker"))
      let health: HealthFile.Health
      do throws(WorkerError) {
        health = try file.health(limit: .seconds(maxAge))
      } catch {
        complain("\(error)")
        throw ExitCode.failure
      }
      guard health.isHealthy else {
        complain("\(health)")
        throw ExitCode.failure
      }
      print(health)
    }
  }
}
