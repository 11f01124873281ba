import Glibc
import HTTPTransport
import JSON
import KubernetesTestSupport
import TestSupport

/// An autoscaler that runs, and tells how it does.
final class ClusterAutoscaler: Sendable {
  let process: ChildProcess
  private let address: String
  private let transport: HTTPTransport

  private init(_ process: ChildProcess, address: String) throws {
    self.process = process
    self.address = address
    transport = try HTTPTransport(.init())
  }

  deinit { transport.shutdown() }

  /// Starts one. Returns when it answers.
  /// - Parameter name: What it is called where several compete.
  static func started(
    _ options: [String], name: String, in directory: TemporaryDirectory
  ) async throws -> ClusterAutoscaler {
    let address = "127.0.0.1:\(try FreePort.find(1)[0])"
    let process = try ChildProcess(
      [
        "/usr/bin/env", "POD_NAME=\(name)", try BuiltProgram.path(of: "colonies-autoscaler"), "run",
        "--listen", address, "--log-format", "json",
      ] + options, logFile: directory.file("\(name).log"))
    let autoscaler = try ClusterAutoscaler(process, address: address)
    return try await eventually("\(name) answers", within: .seconds(60)) {
      if let exit = process.exitIfEnded { throw Failure("\(name) ended with \(exit): \(process.log)") }
      let answer = try? await autoscaler.page("/healthz")
      return answer?.status == 200 ? autoscaler : nil
    }
  }

  /// Asks it to end, and waits until it has.
  func stop() async -> ChildProcess.Exit {
    process.kill(SIGTERM)
    return await process.exit()
  }

  // MARK: What it tells

  func page(_ path: String) async throws -> HTTPResponse {
    try await transport.send(HTTPRequest(.get, "http://\(address)\(path)", deadline: .seconds(10)))
  }

  /// The series of a metric by their labels, as they are printed: `{reason="Steady",scaler="jobs"}`.
  func metric(_ name: String) async throws -> [String: Double] {
    let prefix = "colonies_autoscaler_\(name)"
    var series: [String: Double] = [:]
    for line in try await page("/metrics").text.split(separator: "\n") where line.hasPrefix(prefix) {
      guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...]) else {
        throw Failure("this line has no value: \(line)")
      }
      let labels = line[..<blank].dropFirst(prefix.count)
      // Another metric may begin with this one's name.
      if labels.isEmpty || labels.hasPrefix("{") { series[String(labels)] = value }
    }
    return series
  }

  /// The sum of the series whose labels contain these texts; 0 when there are none.
  func total(_ name: String, _ labels: String...) async throws -> Double {
    try await metric(name).filter { series in labels.allSatisfy(series.key.contains) }.values.reduce(0, +)
  }

  /// How often it has decided for a reason.
  func decisions(_ reason: String) async throws -> Double {
    try await total("decisions_total", "reason=\"\(reason)\"")
  }

  /// Waits until it decides for a reason, from now on.
  func waitForDecision(_ reason: String) async throws {
    let before = try await decisions(reason)
    let _: Bool = try await eventually("it decides: \(reason)") {
      try await decisions(reason) > before ? true : nil
    }
  }

  var leads: Bool {
    get async throws { try await total("leader") == 1 }
  }

  /// What it has said so far.
  var log: String { process.log }

  /// The lines of its log about one sort of event.
  func lines(_ event: String) throws -> [JSONValue] {
    try log.endedLines.map { try JSONValue(parsing: $0.utf8) }
      .filter { $0["metadata"]?["event"]?.string == event }
  }
}
