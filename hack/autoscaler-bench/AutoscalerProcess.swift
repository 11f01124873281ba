import Glibc
import HTTPTransport
import KubernetesTestSupport
import TestSupport

/// An autoscaler that runs with default settings, a lease, and its status pages on a free port.
final class AutoscalerProcess: Sendable {
  private let process: ChildProcess
  private let transport: HTTPTransport
  private let page: String

  static let prefix = "colonies_autoscaler_"

  /// Starts the program.
  /// - Parameters:
  ///   - name: What its files are called.
  ///   - namespace: Where its lease is.
  init(
    _ program: String, name: String, configuration: String, kubeconfig: String, namespace: String,
    directory: TemporaryDirectory
  ) throws {
    let file = directory.write(configuration, to: "\(name).yaml")
    let port = try FreePort.find(1)[0]
    page = "http://127.0.0.1:\(port)/metrics"
    transport = try HTTPTransport()
    process = try ChildProcess(
      [
        program, "run", "--config", file, "--kubeconfig", kubeconfig, "--leader-elect", "--lease",
        "\(namespace)/colonies-autoscaler", "--listen", "127.0.0.1:\(port)", "--log-format", "json",
      ], logFile: directory.file("\(name).log"))
  }

  deinit { transport.shutdown() }

  var pid: pid_t { process.pid }

  /// What it wrote last, for failures.
  var report: String { "the autoscaler said last:\n\(process.log.suffix(2_000))" }

  /// How many lines of its log are warnings or errors.
  var troubles: Int {
    process.log.split(separator: "\n").count {
      $0.contains("\"level\":\"warning\"") || $0.contains("\"level\":\"error\"")
    }
  }

  func scrape() async throws -> Scrape {
    if let exit = process.exitIfEnded { throw Failure("the autoscaler ended with \(exit): \(report)") }
    let answer = try await transport.send(
      HTTPRequest(.get, page, deadline: .seconds(30), maxBodyBytes: 64 << 20))
    guard answer.isSuccess else { throw Failure("\(page) answered \(answer.status)") }
    return Scrape(answer.text)
  }

  /// Waits until every scaler has decided, several times on average.
  func settle(scalers: Int) async throws {
    let text = report
    try await within(.seconds(90), "every scaler decides; \(text)") {
      while true {
        if let scrape = try? await self.scrape(),
          scrape.sums(Self.prefix + "desired_replicas", by: "scaler").count == scalers,
          scrape.sum(Self.prefix + "decisions_total") >= Double(3 * scalers)
        {
          return
        }
        if let exit = self.process.exitIfEnded {
          throw Failure("the autoscaler ended with \(exit): \(self.report)")
        }
        try await Task.sleep(for: .seconds(1))
      }
    }
  }

  /// Ends it in good order, so that it gives its lease back.
  func stop() async throws {
    process.kill(SIGTERM)
    let process = process
    _ = try await within(.seconds(30), "the autoscaler ends") { await process.exit() }
  }
}
