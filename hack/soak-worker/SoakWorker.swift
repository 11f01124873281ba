internal import Colonies
internal import ColoniesClient
internal import ColoniesWorker
internal import Glibc
internal import Logging
internal import UnixSignals

/// A worker on the library whose work is to wait, so that many fit on one machine. It is told what to do as
/// `fibonacci-worker` is, and writes when the work on a process begins and ends to its standard output.
@main
struct SoakWorker {
  /// Where a process says how many milliseconds it takes.
  static let variable = "SOAK_MILLISECONDS"

  static func main() async throws {
    signal(SIGPIPE, SIG_IGN)
    var reader = EnvironmentReader(EnvironmentReader.variables)
    let logger = Logger(label: "soak-worker", reading: &reader)
    let configuration = WorkerConfiguration(reading: &reader, program: "soak-worker", executorType: "soak")
    guard reader.problems.isEmpty, let configuration else { throw EnvironmentError(reader.problems) }
    if CommandLine.arguments.dropFirst() == ["unregister"] {
      let unregistration = Unregistration(
        configuration: configuration, client: try configuration.makeClient(), logger: logger)
      return print(try await unregistration.run())
    }
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1)
    let worker = Worker(
      configuration: configuration, client: try configuration.makeClient(), logger: logger
    ) { context in
      guard let time = context.environmentValue(variable).flatMap({ Int($0) }) else {
        throw ProcessFailure("\(variable) is missing")
      }
      note("began", context)
      defer { note("ended", context) }
      try await ContinuousClock().sleep(for: .milliseconds(time))
      return ProcessOutput(result: "waited")
    }
    try await worker.run(until: signals.map { StopRequest(signal: $0.rawValue) }) { end in _exit(end.exitCode)
    }
  }

  /// Writes `soak EVENT PROCESS MICROSECONDS`, in one call: the process may be killed at any moment.
  private static func note(_ event: String, _ context: WorkContext) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let microseconds = time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    let line = Array("soak \(event) \(context.process.id) \(microseconds)\n".utf8)
    _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
