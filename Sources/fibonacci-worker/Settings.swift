internal import ArgumentParser
internal import ColoniesWorker
internal import Logging

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The program's environment, understood.
struct Settings: Sendable {
  var worker: WorkerConfiguration
  /// The largest index to compute.
  var limit: Int
  var logger: Logger

  /// - Throws: `EnvironmentError` with everything that is wrong.
  init(environment: [String: String]) throws(EnvironmentError) {
    var reader = EnvironmentReader(environment)
    let logger = Logger(label: "fibonacci-worker", reading: &reader)
    let limit = reader.number("FIBONACCI_MAX_N", in: 0...FibonacciHandler.largestLimit)
    let worker = WorkerConfiguration(
      reading: &reader, program: "fibonacci-worker", executorType: "fibonacci")
    guard reader.problems.isEmpty, let worker else { throw EnvironmentError(reader.problems) }
    self.worker = worker
    self.limit = limit ?? FibonacciHandler.defaultLimit
    self.logger = logger
  }

  /// The settings, or the end of the program with status 2 and one line for each problem.
  static func current() throws -> Settings {
    do throws(EnvironmentError) {
      return try Settings(environment: EnvironmentReader.variables)
    } catch {
      complain("the environment is not usable; `fibonacci-worker --help` lists the variables")
      for problem in error.problems { complain("  \(problem)") }
      throw ExitCode(2)
    }
  }
}

/// Writes a line for people to standard error.
func complain(_ message: String) {
  let line = Array("fibonacci-worker: \(message)\n".utf8)
  _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Makes writing to a connection or pipe that the other side has closed an error, not the program's end.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

/// Ends the program at once, whatever its other threads are doing.
func endNow(exitCode: Int32) { _exit(exitCode) }
